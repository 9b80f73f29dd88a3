import { A2A_PROTOCOL_VERSION, type AgentCard } from '@a2a-js/sdk'

const TOKEN_SCHEME = 'serviceToken'

/** What this agent is and where it listens (A2A 1.0 §4.4). Public: it names no secret and no configuration. */
export function agentCard(url: string): AgentCard {
  return {
    name: 'Askwire knowledge agent',
    description: 'Answers questions from indexed documents and cites the passages it used.',
    version: '0.1.0',
    supportedInterfaces: [
      { url: new URL('/a2a', url).href, protocolBinding: 'JSONRPC', protocolVersion: A2A_PROTOCOL_VERSION, tenant: '' },
    ],
    provider: undefined,
    capabilities: { streaming: true, pushNotifications: false, extendedAgentCard: false, extensions: [] },
    securitySchemes: {
      [TOKEN_SCHEME]: {
        scheme: {
          $case: 'httpAuthSecurityScheme',
          value: { scheme: 'Bearer', bearerFormat: '', description: 'The service token of this installation.' },
        },
      },
    },
    securityRequirements: [{ schemes: { [TOKEN_SCHEME]: { list: [] } } }],
    defaultInputModes: ['text/plain', 'application/json'],
    defaultOutputModes: ['text/plain', 'application/json'],
    skills: [
      {
        id: 'answer',
        name: 'Answer from documents',
        description:
          'A text part with the question and a data part with runId, sessionId, attempt, scope and history. The artifact `answer` grows as text; `resources` lists the passages its [n] cite.',
        tags: ['question answering', 'retrieval', 'citations'],
        examples: ['How long are deleted files kept?'],
        inputModes: [],
        outputModes: [],
        securityRequirements: [],
      },
    ],
    signatures: [],
  }
}
