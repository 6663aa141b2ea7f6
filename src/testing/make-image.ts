/** The last step of the build: the demo world as bytes, so that not even a first start has to load it. */
import { writeFileSync } from 'node:fs'
import { DEMO_IMAGE, makeImage } from './template.ts'

writeFileSync(DEMO_IMAGE, await makeImage('demo'))
