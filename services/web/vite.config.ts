import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The gateway a development page talks to. */
const GATEWAY = 'http://127.0.0.1:8787'

// Vite reads its configuration from the default export.
export default defineConfig({
  plugins: [react()],
  server: { host: '127.0.0.1', proxy: { '/api': GATEWAY, '/health': GATEWAY } },
  build: {
    target: 'es2022',
    // Nothing inlined as `data:`: every asset has a hashed name that may be cached for ever.
    assetsInlineLimit: 0,
    // Ant Design with its style engine is 200 kB of gzip by itself; splitting it further only adds round trips.
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'antd', test: /node_modules[\\/](antd|@ant-design|@rc-component)[\\/]/ },
            { name: 'i18n', test: /node_modules[\\/](i18next|react-i18next)[\\/]/ },
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 2 },
            {
              name: 'markdown',
              test: /node_modules[\\/](react-markdown|remark-|micromark|mdast-|hast-|unist-|unified|vfile)/,
            },
          ],
        },
      },
    },
  },
})
