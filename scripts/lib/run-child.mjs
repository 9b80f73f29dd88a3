import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { NODE, ROOT } from './paths.mjs'

// One Ctrl-C reaches this process twice: from the terminal, and again from npm, which passes signals on.
const SAME_SIGNAL_MS = 500
const PARENT_CHECK_MS = 500
const END_WITH_PARENT = fileURLToPath(new URL('./end-with-parent.mjs', import.meta.url))

/** Runs a command with our input and output and resolves with its exit code. Signals reach it as they would reach a shell's child. */
export function runCommand(command, args, options = {}) {
  return settle(spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options }), false)
}

/**
 * Runs the pinned Node and resolves with its exit code. SIGINT, SIGTERM and SIGHUP are passed on, each Ctrl-C once:
 * the child has a session of its own, so that the terminal's copy of a signal does not count as the second, forcing
 * one. Should this process be killed, the child stops too.
 */
export function runNode(args, options = {}) {
  const child = spawn(NODE, ['--import', END_WITH_PARENT, ...args], {
    cwd: ROOT,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: process.platform !== 'win32',
    ...options,
  })
  return settle(child, true)
}

function settle(child, forward) {
  const last = new Map()
  const onSignal = (signal) => {
    const now = performance.now()
    const before = last.get(signal)
    last.set(signal, now)
    if (forward && (before === undefined || now - before > SAME_SIGNAL_MS)) {
      child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal)
    }
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, onSignal)
  // npm runs us through a shell, which dies of a signal sent to npm without passing it on.
  const parent = process.ppid
  const watch = process.env.npm_lifecycle_event
    ? setInterval(() => {
        if (process.ppid === parent) return
        clearInterval(watch)
        onSignal('SIGTERM')
      }, PARENT_CHECK_MS)
    : undefined
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code === null ? 128 + constants.signals[signal] : code))
  }).finally(() => {
    clearInterval(watch)
    for (const signal of signals) process.removeListener(signal, onSignal)
  })
}
