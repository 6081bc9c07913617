// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceFiles

extension Mistake {
  /// Names, numbers, durations and words that are wrong by themselves.
  static let values: [Mistake] = [
    Mistake(
      .invalidName, in: Example.with("name: lisbon", "name: Lisbon"), at: "12:11",
      "'name' is 'Lisbon', which is no name",
      "accepted: 1 to 63 of a-z 0-9 - _ . beginning with a letter or digit"),
    Mistake(
      .invalidName, in: Example.with("name: edge", "name: ''"), at: "18:11",
      "'name' is '', which is no name",
      "accepted: 1 to 63 of a-z 0-9 - _ . beginning with a letter or digit"),
    Mistake(
      .invalidName, in: Example.with("name: web", "name: -web"), at: "25:11",
      "'name' is '-web', which is no name",
      "accepted: 1 to 63 of a-z 0-9 - _ . beginning with a letter or digit"),
    Mistake(
      .invalidName, in: Example.with("{porto: [192.168.243.14], lisbon", "{Porto: [192.168.243.14], lisbon"),
      at: "45:15",
      "a region in 'members' is 'Porto', which is no name",
      "accepted: 1 to 63 of a-z 0-9 - _ . beginning with a letter or digit"),
    Mistake(
      .outOfRange, in: Example.with("misses: 5", "misses: 0"), at: "7:11",
      "'misses' is 0, which is out of range",
      "accepted: 1…100"),
    Mistake(
      .outOfRange, in: Example.with("misses: 5", "misses: 101"), at: "7:11",
      "'misses' is 101, which is out of range",
      "accepted: 1…100"),
    Mistake(
      .outOfRange, in: Example.with("misses: 5", "misses: 99999999999999999999"), at: "7:11",
      "'misses' is 99999999999999999999, which is out of range",
      "accepted: 1…100"),
    Mistake(
      .invalidNumber, in: Example.with("misses: 5", "misses: five"), at: "7:11",
      "'misses' is 'five', which is no whole number",
      "accepted: 1…100"),
    Mistake(
      .invalidNumber, in: Example.with("misses: 5", "misses: 05"), at: "7:11",
      "'misses' is '05', which is no whole number",
      "accepted: 1…100"),
    Mistake(
      .invalidNumber, in: Example.with("misses: 5", "misses: 5.0"), at: "7:11",
      "'misses' is '5.0', which is no whole number",
      "accepted: 1…100"),
    Mistake(
      .invalidNumber, in: Example.with("misses: 5", "misses: 0x5"), at: "7:11",
      "'misses' is '0x5', which is no whole number",
      "accepted: 1…100"),
    Mistake(
      .invalidNumber, in: Example.with("misses: 5", "misses: |\n    5"), at: "7:11",
      "'misses' is '5�', which is no whole number",
      "accepted: 1…100"),
    Mistake(
      .outOfRange, in: Example.with("rise: 3", "rise: -1"), at: "8:9",
      "'rise' is -1, which is out of range",
      "accepted: 1…100"),
    Mistake(
      .outOfRange, in: Example.with("fall: 4", "fall: 0"), at: "39:118",
      "'fall' is 0, which is out of range",
      "accepted: 1…100"),
    Mistake(
      .outOfRange, in: Example.with("rise: 1}", "rise: 101}"), at: "39:127",
      "'rise' is 101, which is out of range",
      "accepted: 1…100"),
    Mistake(
      .outOfRange, in: Example.with("- port: 443", "- port: 65536"), at: "35:15",
      "'port' is 65536, which is out of range",
      "accepted: 1…65535"),
    Mistake(
      .outOfRange, in: Example.with("- port: 443", "- port: 0"), at: "35:15",
      "'port' is 0, which is out of range",
      "accepted: 1…65535"),
    Mistake(
      .invalidNumber, in: Example.with("- port: 443", "- port: ~"), at: "35:15",
      "'port' is '~', which is no whole number",
      "accepted: 1…65535"),
    Mistake(
      .invalidNumber, in: Example.with("member-port: 8080", "member-port: http"), at: "34:48",
      "'member-port' is 'http', which is no whole number",
      "accepted: 1…65535"),
    Mistake(
      .outOfRange, in: Example.with("heartbeat-interval: 500ms", "heartbeat-interval: 0"), at: "6:23",
      "'heartbeat-interval' is 0, which is out of range",
      "accepted: 10ms…1m"),
    Mistake(
      .outOfRange, in: Example.with("heartbeat-interval: 500ms", "heartbeat-interval: 9ms"), at: "6:23",
      "'heartbeat-interval' is 9ms, which is out of range",
      "accepted: 10ms…1m"),
    Mistake(
      .outOfRange, in: Example.with("heartbeat-interval: 500ms", "heartbeat-interval: 61s"), at: "6:23",
      "'heartbeat-interval' is 61s, which is out of range",
      "accepted: 10ms…1m"),
    Mistake(
      .invalidDuration, in: Example.with("heartbeat-interval: 500ms", "heartbeat-interval: 500"), at: "6:23",
      "'heartbeat-interval' is '500', which has no unit",
      "did you mean '500ms'? accepted: 10ms…1m"),
    Mistake(
      .outOfRange, in: Example.with("hold: 10s", "hold: 999999999h"), at: "9:9",
      "'hold' is 999999999h, which is out of range",
      "accepted: 0s…1h"),
    Mistake(
      .invalidDuration, in: Example.with("hold: 10s", "hold: ten"), at: "9:9",
      "'hold' is 'ten', which is no duration",
      "accepted: a number with a unit (us, ms, s, m, h), like 500ms; 0s…1h"),
    Mistake(
      .outOfRange, in: Example.with("hold: 10s", "hold: 61m"), at: "9:9",
      "'hold' is 61m, which is out of range",
      "accepted: 0s…1h"),
    Mistake(
      .invalidDuration, in: Example.with("hold: 10s", "hold: 0.0000001s"), at: "9:9",
      "'hold' is '0.0000001s', which is no duration",
      "accepted: a number with a unit (us, ms, s, m, h), like 500ms; 0s…1h"),
    Mistake(
      .invalidDuration, in: Example.with("hold: 10s", "hold: -1s"), at: "9:9",
      "'hold' is '-1s', which is no duration",
      "accepted: a number with a unit (us, ms, s, m, h), like 500ms; 0s…1h"),
    Mistake(
      .invalidDuration, in: Example.with("hold: 10s", "hold: 10 s"), at: "9:9",
      "'hold' is '10 s', which is no duration",
      "accepted: a number with a unit (us, ms, s, m, h), like 500ms; 0s…1h"),
    Mistake(
      .invalidDuration, in: Example.with("hold: 10s", "hold: 1.s"), at: "9:9",
      "'hold' is '1.s', which is no duration",
      "accepted: a number with a unit (us, ms, s, m, h), like 500ms; 0s…1h"),
    Mistake(
      .invalidDuration, in: Example.with("hold: 10s", "hold: 10min"), at: "9:9",
      "'hold' is '10min', which is no duration",
      "accepted: a number with a unit (us, ms, s, m, h), like 500ms; 0s…1h"),
    Mistake(
      .outOfRange, in: Example.with("hold: 10s", "hold: 999999999999999999h"), at: "9:9",
      "'hold' is 999999999999999999h, which is out of range",
      "accepted: 0s…1h"),
    Mistake(
      .invalidDuration, in: Example.with("hold: 10s", "hold: 9999999999999999999s"), at: "9:9",
      "'hold' is '9999999999999999999s', which is no duration",
      "accepted: a number with a unit (us, ms, s, m, h), like 500ms; 0s…1h"),
    Mistake(
      .invalidDuration, in: Example.with("hold: 10s", "hold: 1.2.3s"), at: "9:9",
      "'hold' is '1.2.3s', which is no duration",
      "accepted: a number with a unit (us, ms, s, m, h), like 500ms; 0s…1h"),
    Mistake(
      .outOfRange, in: Example.with("interval: 200ms", "interval: 5ms"), at: "39:90",
      "'interval' is 5ms, which is out of range",
      "accepted: 10ms…1m"),
    Mistake(
      .outOfRange, in: Example.with("timeout: 90ms", "timeout: 61s"), at: "39:106",
      "'timeout' is 61s, which is out of range",
      "accepted: 10ms…1m"),
    Mistake(
      .unknownValue, in: Example.with("probe: icmp", "probe: imcp"), at: "10:10",
      "'probe' cannot be 'imcp'",
      "did you mean 'icmp'? accepted: icmp, arp, none"),
    Mistake(
      .unknownValue, in: Example.with("probe: icmp", "probe: tcp"), at: "10:10",
      "'probe' cannot be 'tcp'",
      "accepted: icmp, arp, none"),
    Mistake(
      .unknownValue, in: Example.with("policy: primary-replica", "policy: random"), at: "28:13",
      "'policy' cannot be 'random'",
      "accepted: primary-replica, round-robin, weighted, source-hash, least-connections, packets-per-second, "
        + "active-flows, cpu, link-load"),
    Mistake(
      .outOfRange, in: Example.with("primary-replica\n    failback: manual", "round-robin\n    slots: 100"),
      at: "29:12",
      "'slots' is '100', which is no number of slots",
      "accepted: 16, 32, 64, 128, 256"),
    Mistake(
      .outOfRange,
      in: Example.with("primary-replica\n    failback: manual", "weighted\n    weights: {lisbon: 1001, porto: 1}"),
      at: "29:23",
      "'lisbon' is 1001, which is out of range",
      "accepted: 0…1000"),
    Mistake(
      .unknownValue, in: Example.with("failback: manual", "failback: auto"), at: "29:15",
      "'failback' cannot be 'auto'",
      "did you mean 'automatic'? accepted: automatic, manual"),
    Mistake(
      .unknownValue, in: Example.with("detection: immediate", "detection: imediate"), at: "30:16",
      "'detection' cannot be 'imediate'",
      "did you mean 'immediate'? accepted: immediate, heartbeat"),
    Mistake(
      .unknownValue, in: Example.with("client-address: masquerade", "client-address: snat"), at: "31:21",
      "'client-address' cannot be 'snat'",
      "accepted: automatic, keep, masquerade"),
    Mistake(
      .unknownValue, in: Example.with("protocol: tcp", "protocol: sctp"), at: "34:30",
      "'protocol' cannot be 'sctp'",
      "accepted: tcp, udp"),
  ]
}
