import { writeFile } from 'node:fs/promises'
import { parse, View, type Spec } from 'vega'
import type { HourRow } from './read-models.js'

const WIDTH = 640
const HEIGHT = 280

/** Writes a picture of the departures by hour of day, the late ones marked, as an SVG file. */
export async function writeDelayPlot(rows: readonly HourRow[], file: string): Promise<void> {
  const svg = await new View(parse(specOf(rows)), { renderer: 'none' }).toSVG()
  await writeFile(file, svg)
}

function specOf(rows: readonly HourRow[]): Spec {
  const hours = rows.map(({ hour, departures, late }) => ({ hour, departures, late }))
  const bar = (field: string, color: string, text: string): NonNullable<Spec['marks']>[number] => ({
    type: 'rect',
    from: { data: 'hours' },
    encode: {
      enter: {
        x: { scale: 'x', field: 'hour' },
        width: { scale: 'x', band: 1 },
        y: { scale: 'y', field },
        y2: { scale: 'y', value: 0 },
        fill: { value: color },
        tooltip: { signal: `datum.${field} + ' ${text}'` },
      },
    },
  })
  return {
    width: WIDTH,
    height: HEIGHT,
    padding: 10,
    background: 'white',
    title: 'Departures by hour of day, early 2001 (dark: more than 15 minutes late)',
    data: [{ name: 'hours', values: hours }],
    scales: [
      {
        name: 'x',
        type: 'band',
        domain: Array.from({ length: 24 }, (_, h) => h),
        range: 'width',
        padding: 0.1,
      },
      {
        name: 'y',
        type: 'linear',
        domain: { data: 'hours', field: 'departures' },
        range: 'height',
        zero: true,
        nice: true,
      },
    ],
    axes: [
      { orient: 'bottom', scale: 'x', title: 'hour' },
      { orient: 'left', scale: 'y', title: 'departures', grid: true },
    ],
    marks: [bar('departures', '#9ecae1', 'departures'), bar('late', '#08519c', 'late')],
  }
}
