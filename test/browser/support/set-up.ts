/** Jest's set-up of the browser project. */
export { makeReadyData as default } from './ready-data.ts'
