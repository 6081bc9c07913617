// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Subprocess
import Testing

/// The program itself, in a network namespace.
@Suite(.serialized, .enabled(if: canUseNamespaces, "needs root"), .timeLimit(.minutes(1)))
struct ExecutableTests {
  /// Built beside the tests.
  static let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: "isthmus-agent").path

  @Test func itSaysWhatIsWrongWithItsArguments() async throws {
    let rest = "--controller 127.0.0.1:7900 --listen 127.0.0.1:0 2>&1 || true"
    #expect(try await sh("\(Self.program) --region EAST --key-file /nowhere \(rest)").contains("1 to 63 of a-z"))
    #expect(try await sh("\(Self.program) --region east --key-file /nowhere \(rest)").contains("there is no such file"))
    let exposed = "k=$(mktemp); chmod 644 $k; \(Self.program) --region east --key-file $k \(rest); rm $k"
    #expect(try await sh(exposed).contains("chmod 600"))
  }

  @Test func itStartsSaysGoodbyeAndLeavesItsRules() async throws {
    let namespace = "isth-program-\(ProcessInfo.processInfo.processIdentifier)"
    let output = try await sh(
      """
      d=$(mktemp -d); ip netns add \(namespace)
      trap 'ip netns del \(namespace); rm -rf $d' EXIT
      ip -n \(namespace) link set lo up
      head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \\n' > $d/key; chmod 600 $d/key
      ip netns exec \(namespace) nft add table ip isthmus
      ip netns exec \(namespace) \(Self.program) --region east --key-file $d/key --controller 127.0.0.1:7900 \\
        --listen 127.0.0.1:7946 --state-directory $d/state 2> $d/log &
      pid=$!
      tail -n +1 -F $d/log --pid=$pid 2> /dev/null | grep -m 1 -q 'agent started'
      kill -TERM $pid; wait $pid
      cat $d/log
      ip netns exec \(namespace) nft list tables ip
      ip netns exec \(namespace) \(Self.program) clean
      echo "left: $(ip netns exec \(namespace) nft list tables ip)"
      """)
    #expect(output.contains("leaving"))
    #expect(output.contains("table ip isthmus"))
    #expect(output.hasSuffix("left: \n"))
  }
}
