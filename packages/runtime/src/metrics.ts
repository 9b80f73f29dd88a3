import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** A registry of its own for each service object, so that two of them in one process do not share counters. */
export function createMetrics(service: string, options: { process?: boolean } = {}): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  if (options.process ?? true) collectDefaultMetrics({ register: registry })
  return {
    registry,
    counter: (name, help, labelNames = []) => {
      const known = registry.getSingleMetric(name)
      return known instanceof Counter ? known : new Counter({ name, help, labelNames, registers: [registry] })
    },
    gauge: (name, help, labelNames = []) => new Gauge({ name, help, labelNames, registers: [registry] }),
    gaugeOf: (name, help, read) => {
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read())
        },
      })
    },
    histogram: (name, help, buckets, labelNames = []) =>
      new Histogram({ name, help, buckets, labelNames, registers: [registry] }),
  }
}

export type Metrics = {
  registry: Registry
  /** The same counter for the same name: gateway and agent count refusals alike, and in one process together. */
  counter(name: string, help: string, labelNames?: string[]): Counter
  gauge(name: string, help: string, labelNames?: string[]): Gauge
  /** A gauge whose value is read when it is scraped. */
  gaugeOf(name: string, help: string, read: () => number): void
  histogram(name: string, help: string, buckets: number[], labelNames?: string[]): Histogram
}
