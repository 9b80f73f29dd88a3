import type { ListedFault } from '../fault.ts'

/** Faults of parts that do not exist yet, or that this machine cannot bring about; and those that another test provokes. */
export const notHere: readonly ListedFault[] = [
  { id: 'F46', name: 'ingestion dies in the middle of a document', notHere: 'there is no ingestion worker yet' },
  {
    id: 'F48',
    name: "provider's host turns into a private address",
    notHere: 'there are no channels of users yet: the operator names the one provider',
  },
]
