import type { ListedFault } from '../fault.ts'

/** Faults of parts that do not exist yet, or that this machine cannot bring about; and those that another test provokes. */
export const notHere: readonly ListedFault[] = [
  {
    id: 'F18',
    name: 'agent answers with an error, or ends without a state',
    notHere: 'services/worker/src/a2a/agent-event.test.ts, the same cases without processes',
  },
  {
    id: 'F38',
    name: 'answer queue gone while events are sent to it',
    notHere: 'happens in F31: the queue of a killed gateway goes while workers send',
  },
  { id: 'F41', name: '10 000 idle followers', notHere: 'a measurement: part of the benchmark' },
  { id: 'F45', name: 'disk full', notHere: 'there are no uploads yet; a full disk of the broker is F36' },
  { id: 'F46', name: 'ingestion dies in the middle of a document', notHere: 'there is no ingestion worker yet' },
  {
    id: 'F48',
    name: "provider's host turns into a private address",
    notHere: 'there are no channels of users yet: the operator names the one provider',
  },
]
