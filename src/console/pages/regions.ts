/** States and provinces of the North American plan on a grid, column and row, roughly where they lie. */
export const CELLS: Readonly<Record<string, readonly [number, number]>> = {
  ...{ YT: [2, 1], NT: [3, 1], NU: [4, 1] },
  ...{ AK: [1, 2], BC: [2, 2], AB: [3, 2], SK: [4, 2], MB: [5, 2], ON: [7, 2], QC: [9, 2], NL: [12, 2] },
  ...{ ME: [11, 3], NB: [12, 3], NS: [12, 4], PE: [13, 3], VT: [10, 3], NH: [10, 4] },
  ...{ WA: [1, 4], ID: [2, 4], MT: [3, 4], ND: [4, 4], MN: [5, 4], IL: [6, 4], WI: [7, 3], MI: [7, 4] },
  ...{ NY: [9, 4], MA: [11, 4] },
  ...{ OR: [1, 5], NV: [2, 5], WY: [3, 5], SD: [4, 5], IA: [5, 5], IN: [6, 5], OH: [7, 5], PA: [8, 5] },
  ...{ NJ: [9, 5], CT: [10, 5], RI: [11, 5] },
  ...{ CA: [1, 6], UT: [2, 6], CO: [3, 6], NE: [4, 6], MO: [5, 6], KY: [6, 6], WV: [7, 6], VA: [8, 6] },
  ...{ MD: [9, 6], DE: [10, 6], DC: [11, 6] },
  ...{ AZ: [2, 7], NM: [3, 7], KS: [4, 7], AR: [5, 7], TN: [6, 7], NC: [7, 7], SC: [8, 7] },
  ...{ OK: [4, 8], LA: [5, 8], MS: [6, 8], AL: [7, 8], GA: [8, 8] },
  ...{ HI: [1, 9], TX: [4, 9], FL: [9, 9], PR: [11, 9] },
}
