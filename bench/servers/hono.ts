import { readFileSync } from 'node:fs'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

// Peer (b): the same framework, one route, the same value made into JSON for every request; nothing looked up.
const [, , port = '0', file = ''] = process.argv
const value = JSON.parse(readFileSync(file, 'utf8'))
const app = new Hono()
app.all('*', c => c.json(value))
serve({ fetch: app.fetch, port: Number(port), hostname: '127.0.0.1' }, () => process.stdout.write('ready\n'))
