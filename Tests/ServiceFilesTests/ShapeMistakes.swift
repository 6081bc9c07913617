// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceFiles

extension Mistake {
  /// Keys and types that are not what they should be.
  static let shapes: [Mistake] = [
    Mistake(
      .unknownKey, in: Example.with("misses: 5", "mises: 5"), at: "7:3",
      "unknown key 'mises' in 'detection'",
      "did you mean 'misses'? accepted: heartbeat-interval, misses, rise, hold, probe, damping, mass-failure"),
    Mistake(
      .unknownKey, in: Example.with("misses: 5", "misses: 5\n  foo: 5"), at: "8:3",
      "unknown key 'foo' in 'detection'",
      "accepted: heartbeat-interval, misses, rise, hold, probe, damping, mass-failure"),
    Mistake(
      .unknownKey, in: Example.with("protocol: tcp, member-port", "prot: tcp, member-port"), at: "34:20",
      "unknown key 'prot' in a listener",
      "did you mean 'protocol'? accepted: port, protocol, member-port"),
    Mistake(
      .unknownKey,
      in: Example.with("check: {http: {path: /health, status: 200, host: example.org}", "check: {tcp: {path: /}"),
      at: "39:19",
      "unknown key 'path' in 'tcp'",
      "accepted: none, as in '{}'"),
    Mistake(
      .unknownKey, in: Example.with("services:\n", "switchs: []\nservices:\n"), at: "24:1",
      "unknown key 'switchs' in the file",
      "accepted: controller, detection, regions, switches, switch-groups, services"),
    Mistake(
      .missingKey, in: Example.without("datapath: 00:00:50:3e:aa:dc:be:04"), at: "18:5",
      "a switch has no 'datapath'",
      "add for example 'datapath: 00:00:50:3e:aa:dc:be:04'"),
    Mistake(
      .missingKey, in: Example.with("- port: 443", "- {}"), at: "35:9",
      "a listener has no 'port'",
      "add for example 'port: 80'"),
    Mistake(
      .missingKey, in: Example.with("- port: 443", "-"), at: "35:8",
      "a listener has no 'port'",
      "add for example 'port: 80'"),
    Mistake(
      .missingValue, in: Example.with("misses: 5", "misses:"), at: "7:3",
      "'misses' of 'detection' has no value",
      "for example 'misses: 5'"),
    Mistake(
      .missingValue, in: Example.with("policy: primary-replica", "policy:"), at: "28:5",
      "'policy' of a service has no value",
      "for example 'policy: primary-replica'"),
    Mistake(
      .wrongType, in: Example.with("misses: 5", "misses: [5]"), at: "7:11",
      "'misses' is a list, not a plain value",
      "write one value, without '[', '{' or '- '"),
    Mistake(
      .wrongType, in: Example.with("misses: 5", "misses: {a: 5}"), at: "7:11",
      "'misses' is a mapping, not a plain value",
      "write one value, without '[', '{' or '- '"),
    Mistake(
      .wrongType, in: Example.with("- port: 443", "- 443"), at: "35:9",
      "an item of 'listeners' is a plain value, not a mapping",
      "write '{key: value}', or 'key: value' lines below it"),
    Mistake(
      .wrongType, in: Example.with("regions: [porto, lisbon]", "regions: porto"), at: "32:14",
      "'regions' is a plain value, not a list",
      "write '[a, b]', or lines that begin with '- ' below it"),
    Mistake(
      .wrongType, in: Example.with("lisbon: [192.168.167.3]", "lisbon: 192.168.167.3"), at: "37:15",
      "'lisbon' is a plain value, not a list",
      "write '[a, b]', or lines that begin with '- ' below it"),
    Mistake(
      .wrongType, in: "x", at: "1:1",
      "the file is a plain value, not a mapping",
      "write '{key: value}', or 'key: value' lines below it"),
    Mistake(
      .wrongType, in: "[]", at: "1:1",
      "the file is a list, not a mapping",
      "write '{key: value}', or 'key: value' lines below it"),
    Mistake(
      .wrongType, in: "regions: []\nswitches: []\nservices: 5", at: "3:11",
      "'services' is a plain value, not a list",
      "write '[a, b]', or lines that begin with '- ' below it"),
    Mistake(
      .conflictingKeys, in: Example.with("check: {http", "check: {tcp: {}, http"), at: "39:28",
      "a check has both 'tcp' and 'http'",
      "keep one of the two"),
    Mistake(
      .conflictingKeys, in: Example.with("key-file: keys/lisbon.key", "key-file: keys/lisbon.key\n    key: 00"),
      at: "13:15",
      "a region has both 'key' and 'key-file'",
      "keep one of the two"),
  ]
}
