import type { ListedFault } from '../fault.ts'

/** Faults of parts that do not exist yet, or that this machine cannot bring about; and those that another test provokes. */
export const notHere: readonly ListedFault[] = [
  { id: 'F41', name: '10 000 idle followers', notHere: 'a measurement: part of the benchmark' },
  {
    id: 'F45',
    name: 'disk full',
    notHere: 'files lie in PostgreSQL, whose full disk was not brought about; a full disk of the broker is F36',
  },
  { id: 'F46', name: 'ingestion dies in the middle of a document', notHere: 'there is no ingestion worker yet' },
  {
    id: 'F48',
    name: "provider's host turns into a private address",
    notHere: 'there are no channels of users yet: the operator names the one provider',
  },
]
