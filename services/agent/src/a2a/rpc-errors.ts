import { A2A_ERROR_CODE, A2AError, JsonRpcTransportError } from '@a2a-js/sdk/errors'
import { AGENT_RPC_CODES, AppError, type ErrorCode } from '@askwire/contracts'

/**
 * Our errors as JSON-RPC codes; A2A's own errors keep the SDK's. -32050 and below are ours (JSON-RPC leaves -32000 to
 * -32099 to the server, A2A 1.0 uses -32001 to -32009).
 */
const RPC_CODE: Partial<Record<ErrorCode, number>> = {
  invalid_request: A2A_ERROR_CODE.INVALID_PARAMS,
  not_found: A2A_ERROR_CODE.TASK_NOT_FOUND,
  ...AGENT_RPC_CODES,
}

/** An error as the SDK's JSON-RPC transport may show it. Whatever is not meant for the caller becomes `Internal error`. */
export function toRpcError(error: unknown): A2AError {
  if (error instanceof A2AError) return error
  const code = error instanceof AppError ? RPC_CODE[error.code] : undefined
  if (error instanceof AppError && code !== undefined) return rpcError(code, error.message)
  return rpcError(A2A_ERROR_CODE.INTERNAL_ERROR, 'Internal error')
}

function rpcError(code: number, message: string): A2AError {
  return new JsonRpcTransportError({ jsonrpc: '2.0', id: null, error: { code, message } })
}

/** A JSON-RPC error response (JSON-RPC 2.0 §5) for what goes wrong before a method is reached. */
export function rpcErrorBody(code: number, message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } })
}
