import type { ReactNode } from 'react'

export type Column<T> = {
  key: string
  title: string
  cell(row: T): ReactNode
  /** Figures stand at the right. */
  numeric?: boolean
}

type DataTableProps<T> = {
  label: string
  columns: readonly Column<T>[]
  rows: readonly T[]
  rowKey(row: T): string
}

/** A table; on a narrow screen each row becomes a card with its columns named. The first column is what a row is called by. */
export function DataTable<T>({ label, columns, rows, rowKey }: DataTableProps<T>) {
  return (
    <table className="data" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ key, title, numeric }) => (
            <th key={key} scope="col" className={numeric ? 'numeric' : undefined}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map(({ key, title, cell, numeric }) => (
              <td key={key} data-label={title} className={numeric ? 'numeric' : undefined}>
                <div className="cell">{cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
