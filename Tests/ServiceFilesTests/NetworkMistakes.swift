// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceFiles

extension Mistake {
  /// Regions, switches and gateways that do not fit each other.
  static let networks: [Mistake] = [
    Mistake(
      .missingKey, in: Example.with("name: porto", "name: porto\n    capacity: {when-full: shed}"), at: "16:15",
      "'capacity' has no limit",
      "give one of connections, packets, bits"),
    Mistake(
      .conflictingKeys,
      in: Example.with("name: porto", "name: porto\n    capacity: {connections: 5, packets: 3/s}"), at: "16:15",
      "'capacity' has 2 limits",
      "give one of connections, packets, bits"),
    Mistake(
      .invalidThreshold, in: Example.with("name: porto", "name: porto\n    capacity: {bits: 3/s}"), at: "16:22",
      "'bits' is '3/s', which is no rate of bits",
      "accepted: a number and kbit/s, Mbit/s or Gbit/s, like 800Mbit/s"),
    Mistake(
      .unknownValue, in: Example.with("name: edge", "name: edge\n    placement: hashes"), at: "19:16",
      "'placement' cannot be 'hashes'",
      "did you mean 'hash'? accepted: conntrack, hash, reactive, redirect"),
    Mistake(
      .outOfRange, in: Example.with("name: edge", "name: edge\n    source-rules: 48"), at: "19:19",
      "'source-rules' is '48', which is no number of rules",
      "accepted: 1, 2, 4, 8, 16, 32, 64, 128, 256"),
    Mistake(
      .placementConflict,
      in: Example.with("name: edge", "name: edge\n    placement: conntrack\n    source-rules: 32"), at: "20:19",
      "switch 'edge' has 'source-rules' and 'placement: conntrack'",
      "take it out: only 'placement: hash' divides connections by rules for sources"),
    Mistake(
      .placementConflict, in: Example.with("name: edge", "name: edge\n    reactive-rate: 100"), at: "19:20",
      "switch 'edge' has 'reactive-rate' without 'placement: reactive'",
      "take it out: in other placements the controller is not asked about connections"),
    Mistake(
      .placementConflict,
      in: Example.with("name: edge", "name: edge\n    placement: redirect").replacing(
        "adopted-from: lisbon", with: "adopted-from: lisbon\n    policy: round-robin"), at: "41:5",
      "service 'api' has 'policy: round-robin', which switch 'edge' cannot do with 'placement: redirect', where all "
        + "goes to one region",
      "choose 'policy: primary-replica', or 'reaction: switch-over' for one that follows the load, or "
        + "'placement: hash'"),
    Mistake(
      .fragmentsLost,
      in: Example.with("name: edge", "name: edge\n    placement: hash").replacing(
        "- port: 443", with: "- {port: 443, protocol: udp}"), at: "36:9",
      "service 'web' listens on UDP port 443, and switch 'edge' loses packets that come in pieces with "
        + "'placement: hash'",
      "write 'fragments: drop' if its packets are never longer than a frame, or choose 'placement: conntrack'"),
    Mistake(
      .endpointInUse, in: Example.with("openflow: 0.0.0.0:6653", "openflow: 10.0.0.1:6654"), at: "3:11",
      "'agents' is 0.0.0.0:6654, but 'openflow' listens on 10.0.0.1:6654",
      "give each a port of its own"),
    Mistake(
      .endpointInUse, in: Example.with("api: 127.0.0.1:8080", "api: 127.0.0.1:6653"), at: "4:8",
      "'api' is 127.0.0.1:6653, but 'openflow' listens on 0.0.0.0:6653",
      "give each a port of its own"),
    Mistake(
      .addressInUse, in: Example.with("name: porto", "name: porto\n    management: 10.0.0.11:6655"), at: "16:17",
      "'management' 10.0.0.11:6655 is there twice: first in line 14",
      "give each region's agent an address of its own"),
    Mistake(
      .sharedKey,
      in: Example.with(
        "key-file: keys/lisbon.key", "key: abababababababababababababababababababababababababababababababab"),
      at: "16:10",
      "two regions have the same key: first in line 13",
      "make a new one with 'openssl rand -hex 32': with one key, one region can speak for another"),
    Mistake(
      .duplicateName,
      in: Example.with(
        "regions:\n",
        "regions:\n  - {name: lisbon, key: cd12cd12cd12cd12cd12cd12cd12cd12cd12cd12cd12cd12cd12cd12cd12cd12}\n"),
      at: "13:11",
      "the region 'lisbon' is there twice: first in line 12",
      "give each region a name of its own"),
    Mistake(
      .duplicateName,
      in: Example.adding(switch: "{name: edge, datapath: 1, probe-address: 172.20.126.6, gateways: []}"), at: "24:12",
      "the switch 'edge' is there twice: first in line 18",
      "give each switch a name of its own"),
    Mistake(
      .duplicateDatapath,
      in: Example.adding(switch: "{name: core, datapath: 503eaadcbe04, probe-address: 172.20.126.6, gateways: []}"),
      at: "24:28",
      "the datapath id 00:00:50:3e:aa:dc:be:04 is there twice: first in line 19",
      "each switch has a datapath id of its own"),
    Mistake(
      .addressInUse, in: Example.adding(switch: "{name: core, datapath: 1, probe-address: 172.20.126.5, gateways: []}"),
      at: "24:46",
      "the probe address 172.20.126.5 is there twice: first in line 20",
      "give each switch a probe address of its own"),
    Mistake(
      .addressInUse,
      in: Example.adding(switch: "{name: core, datapath: 1, probe-address: 172.20.126.120, gateways: []}"),
      at: "23:52",
      "a gateway of switch 'edge' has 172.20.126.120, the probe address of switch 'core' in line 24",
      "a probe address belongs to no other machine"),
    Mistake(
      .unknownRegion, in: Example.with("region: porto, port", "region: prto, port"), at: "23:18",
      "a gateway of switch 'edge' names the region 'prto', which the file does not have",
      "did you mean 'porto'? accepted: lisbon, porto"),
    Mistake(
      .unknownRegion, in: Example.with("region: porto, port", "region: faro, port"), at: "23:18",
      "a gateway of switch 'edge' names the region 'faro', which the file does not have",
      "accepted: lisbon, porto"),
    Mistake(
      .duplicateGateway,
      in: Example.adding(
        switch: "{name: core, datapath: 1, probe-address: 172.20.126.6, gateways: ["
          + "{region: porto, port: 1, address: 172.20.126.121}, {region: porto, port: 2, address: 172.20.126.122}]}"),
      at: "24:131",
      "switch 'core' has two gateways of region 'porto': first in line 24",
      "a region has one gateway on a switch"),
    Mistake(
      .portInUse, in: Example.with("port: 2,", "port: veth-porto,"), at: "23:31",
      "switch 'edge' has two gateways on port veth-porto: first in line 22",
      "give each gateway a port of its own"),
    Mistake(
      .addressInUse, in: Example.with("172.20.126.120", "172.20.126.5"), at: "23:52",
      "a gateway of switch 'edge' has 172.20.126.5, the probe address of switch 'edge' in line 20",
      "a probe address belongs to no other machine"),
    Mistake(
      .gatewayWithoutMAC, in: Example.with("probe: icmp", "probe: none"), at: "22:9",
      "a gateway of switch 'edge' has no 'mac', with 'probe: none'",
      "add for example 'mac: fa:16:3e:d8:26:42', or let the switches probe"),
    Mistake(
      .noGateway, in: Example.without("- {region: porto, port: veth-porto, addr"), at: "37:7",
      "service 'web' has members in region 'porto', which has a gateway on no switch",
      "add for example '{region: porto, port: 2, address: 172.20.126.110}' to 'gateways' of a switch"),
  ]
}
