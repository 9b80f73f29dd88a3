export function hashFiles(root: string, paths: readonly string[]): string
export function listFiles(folder: string, skip: readonly string[]): string[]
export function readOrEmpty(path: string): string
