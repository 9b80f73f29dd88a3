#!/usr/bin/env bash
# Asks a question and prints the answer as it is written, then what it cites.
#   examples/ask.sh "What happens when a worker dies?" [address]
# ASKWIRE_TOKEN is an access token or an API token; a fresh `npm start` on this machine needs none.
set -euo pipefail

question=${1:?usage: examples/ask.sh "question" [address]}
address=${2:-http://127.0.0.1:8787}
body=$(node -e 'console.log(JSON.stringify({ mode: "stream", message: process.argv[1] }))' "$question")

# By standard input: what is on a command line can be read by others on the machine.
printf '%s' "${ASKWIRE_TOKEN:+authorization: Bearer $ASKWIRE_TOKEN}" |
  curl --silent --show-error --fail-with-body --no-buffer "$address/api/chat" \
  --header 'content-type: application/json' --header @- --data "$body" |
  node -e '
    const cited = new Map()
    let failed = false
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      if (!line.startsWith("data: ")) return
      const event = JSON.parse(line.slice(6))
      if (event.event === "message") process.stdout.write(event.delta)
      if (event.event === "message_replace") process.stdout.write(`\n[answered again]\n${event.text}`)
      if (event.event === "retrieval") for (const one of event.resources) cited.set(one.n, one)
      if (event.event === "error") console.error(`\n${event.error.message} (${event.error.code})`)
      if (event.event === "workflow_finished") {
        failed = event.status !== "succeeded"
        console.log("\n")
        for (const [n, one] of cited) console.log(`[${n}] ${one.documentName}: ${one.quote.replace(/\s+/g, " ")}`)
      }
    }).on("close", () => process.exit(failed ? 1 : 0))'
