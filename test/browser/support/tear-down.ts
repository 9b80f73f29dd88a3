/** Jest's tear-down of the browser project. */
export { removeReadyData as default } from './ready-data.ts'
