// What the pages do beyond links and forms. Without it they are read all the same.

/** Draws the table of a figure as a chart; the table stays for whoever wants the figures. */
function draw(figure) {
  const table = figure.querySelector('table')
  const target = figure.querySelector('.plot')
  if (!table || !target || !window.uPlot || target.childElementCount > 0) return
  const rows = [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => Number(cell.dataset.value)))
  const names = [...table.tHead.rows[0].cells].map(cell => cell.textContent.trim())
  if (rows.length === 0) return
  const style = getComputedStyle(document.documentElement)
  const color = name => style.getPropertyValue(name).trim()
  const axis = {
    stroke: color('--muted'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { stroke: color('--line') },
  }
  const strokes = ['--series-1', '--series-2', '--series-3']
  const series = names.slice(1).map((label, index) => ({
    label,
    stroke: color(strokes[index] ?? '--series-1'),
    width: 2,
    points: { show: rows.length < 60 },
  }))
  const options = {
    width: target.clientWidth,
    height: 180,
    tzDate: at => window.uPlot.tzDate(new Date(at * 1000), 'Etc/UTC'),
    series: [{ value: '{YYYY}-{MM}-{DD} {HH}:{mm}' }, ...series],
    // one hour alone would be drawn as years
    scales: {
      x: { range: (_, min, max) => (rows.length > 1 ? [min, max] : [rows[0][0] - 43200, rows[0][0] + 43200]) },
      y: { range: (_, __, max) => [0, Math.max(max, 1) * 1.1] },
    },
    axes: [
      { ...axis, values: (_, splits) => splits.map(clockText) },
      { ...axis, size: 56 },
    ],
    cursor: { drag: { x: false, y: false } },
  }
  const columns = names.map((_, column) => rows.map(row => row[column]))
  const plot = new window.uPlot(options, columns, target)
  new ResizeObserver(() => plot.setSize({ width: target.clientWidth, height: 180 })).observe(target)
  figure.classList.add('drawn')
}

/** As everywhere here: 24 hours, UTC; at midnight the day. */
function clockText(at) {
  const [day, time] = new Date(at * 1000).toISOString().split('T')
  return time.startsWith('00:00') ? day.slice(5) : time.slice(0, 5)
}

/** Something was written down: lists that listen are fetched again. */
function listen(list) {
  if (list.dataset.listens) return
  list.dataset.listens = 'yes'
  const source = new EventSource(list.dataset.stream)
  let isDue = false
  let toldAt = 0
  // once a second however many there are, and the last of them is never left out
  const tell = () => {
    if (isDue) return
    isDue = true
    const wait = Math.max(0, toldAt + 1000 - Date.now())
    setTimeout(() => {
      isDue = false
      toldAt = Date.now()
      document.body.dispatchEvent(new CustomEvent('journal'))
    }, wait)
  }
  source.onmessage = tell
  for (const name of ['request', 'exchange']) source.addEventListener(name, tell)
  window.addEventListener('pagehide', () => source.close())
}

/** A file goes up as it is, so that it may be of any size; how far it is stands in the bar. */
function upload(form) {
  form.addEventListener('submit', event => {
    const file = form.elements.file.files[0]
    if (!file) return
    event.preventDefault()
    const bar = form.querySelector('progress')
    const said = form.querySelector('.said')
    const query = new URLSearchParams()
    for (const name of ['owned', 'keep_good', 'dry_run']) if (form.elements[name].checked) query.set(name, 'true')
    const request = new XMLHttpRequest()
    request.open('POST', `${form.action}?${query}`)
    request.setRequestHeader('content-type', 'text/csv')
    request.setRequestHeader('x-csrf-token', form.elements._csrf.value)
    bar.hidden = false
    request.upload.onprogress = ({ loaded, total }) => {
      bar.max = total
      bar.value = loaded
      said.textContent =
        loaded < total ? `Sent ${Math.floor((100 * loaded) / total)} %` : 'Sent; being checked and published …'
    }
    request.onload = () => {
      if (request.status < 400) location.assign(form.dataset.then)
      else {
        said.textContent = request.responseText.slice(0, 500)
        said.setAttribute('role', 'alert')
        bar.hidden = true
      }
    }
    request.onerror = () => {
      said.textContent = 'The gateway does not answer.'
    }
    request.send(file)
  })
}

async function copy(button) {
  const text = document.getElementById(button.dataset.copy)?.textContent ?? ''
  try {
    await navigator.clipboard.writeText(text)
    button.textContent = 'Copied'
  } catch {
    getSelection().selectAllChildren(document.getElementById(button.dataset.copy))
  }
}

function begin(root) {
  for (const figure of root.querySelectorAll('figure.chart')) draw(figure)
  for (const list of root.querySelectorAll('[data-stream]')) listen(list)
  for (const form of root.querySelectorAll('form.upload')) upload(form)
  for (const button of root.querySelectorAll('[data-copy]')) button.addEventListener('click', () => copy(button))
}

begin(document)
document.body.addEventListener('htmx:afterSwap', event => begin(event.target))
