// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceFiles

extension Mistake {
  /// Services that do not fit each other or the network.
  static let services: [Mistake] = [
    Mistake(
      .duplicateName, in: Example.with("name: api", "name: web"), at: "40:11",
      "the service 'web' is there twice: first in line 25",
      "give each service a name of its own"),
    Mistake(
      .noThreshold, in: Example.with("primary-replica\n    failback: manual", "cpu\n    failback: automatic"),
      at: "25:5",
      "service 'web' has 'policy: cpu' and no threshold",
      "add 'trigger: {threshold: …}' with what one region may carry: 1%…100%, like 70%"),
    Mistake(
      .invalidThreshold,
      in: Example.with("primary-replica\n    failback: manual", "packets-per-second\n    trigger: {threshold: 70%}"),
      at: "29:26",
      "'threshold' is '70%', which is no rate of packets (policy 'packets-per-second')",
      "accepted: a number and '/s', like 2000/s"),
    Mistake(
      .policyConflict,
      in: Example.with("primary-replica\n    failback: manual", "round-robin\n    trigger: {update: 5s}"), at: "29:14",
      "service 'web' has 'trigger', which 'policy: round-robin' does not take",
      "take it out, or choose a policy that takes it: least-connections, packets-per-second, active-flows, cpu, "
        + "link-load"),
    Mistake(
      .policyConflict,
      in: Example.with("primary-replica\n    failback: manual", "least-connections\n    trigger: {threshold: 5}"),
      at: "29:26",
      "service 'web' has 'threshold', which 'policy: least-connections' does not take",
      "take it out, or choose a policy that takes it: packets-per-second, active-flows, cpu, link-load"),
    Mistake(
      .outOfRange,
      in: Example.with(
        "primary-replica\n    failback: manual", "active-flows\n    trigger: {threshold: 5, hysteresis: 100%}"),
      at: "29:41",
      "'hysteresis' is '100%', which is no part of the threshold",
      "accepted: 0%…99%"),
    Mistake(
      .policyConflict,
      in: Example.with(
        "primary-replica\n    failback: manual", "active-flows\n    trigger: {threshold: 5, metrics-port: 9100}"),
      at: "29:43",
      "service 'web' has 'metrics-port', which 'policy: active-flows' does not take",
      "take it out, or choose a policy that takes it: cpu"),
    Mistake(
      .checkNeedsPort, in: Example.with("[{port: 9000}]", "[{port: 9000, protocol: udp}]"), at: "40:5",
      "the first listener of service 'api' speaks UDP, in which nobody has to answer, and 'check' names no 'port'",
      "add for example 'check: {tcp: {}, port: 22}': a TCP port of the members that tells whether they serve"),
    Mistake(
      .outOfRange, in: Example.with("[{port: 9000}]", "[{port: 9000-8000}]"), at: "44:24",
      "'port' is '9000-8000', which is no port or range of ports",
      "accepted: 1…65535, one like 80 or a range like 5000-5009 of at most 1024"),
    Mistake(
      .outOfRange, in: Example.with("[{port: 9000}]", "[{port: 9000-9001, member-port: 65535}]"), at: "44:48",
      "'member-port' is 65535, which is out of range",
      "accepted: 1…65534, as 2 ports follow each other"),
    Mistake(
      .policyConflict, in: Example.with("policy: primary-replica", "policy: round-robin"), at: "29:15",
      "service 'web' has 'failback: manual', which 'policy: round-robin' does not take",
      "take it out, or choose a policy that takes it: primary-replica"),
    Mistake(
      .policyConflict, in: Example.with("policy: primary-replica", "weights: {lisbon: 1, porto: 2}"), at: "28:15",
      "service 'web' has 'weights', which 'policy: primary-replica' does not take",
      "take it out, or choose a policy that takes it: weighted, source-hash"),
    Mistake(
      .policyConflict, in: Example.with("policy: primary-replica", "slots: 64"), at: "28:12",
      "service 'web' has 'slots', which 'policy: primary-replica' does not take",
      "take it out, or choose a policy that takes it: round-robin, weighted, source-hash, least-connections, "
        + "packets-per-second, active-flows, cpu, link-load"),
    Mistake(
      .policyConflict, in: Example.with("policy: primary-replica", "persistence: client"), at: "28:18",
      "service 'web' has 'persistence: client', which 'policy: primary-replica' does not take",
      "take it out, or choose a policy that takes it: round-robin, weighted, source-hash, least-connections, "
        + "packets-per-second, active-flows, cpu, link-load"),
    Mistake(
      .policyConflict,
      in: Example.with("primary-replica\n    failback: manual", "source-hash\n    persistence: connection"),
      at: "29:18",
      "service 'web' has 'persistence: connection', which 'policy: source-hash' does not take",
      "take it out, or choose a policy that takes it: weighted"),
    Mistake(
      .noWeights, in: Example.with("primary-replica\n    failback: manual", "weighted\n    failback: automatic"),
      at: "25:5",
      "service 'web' has 'policy: weighted' and no 'weights'",
      "add for example 'weights: {lisbon: 60, porto: 40}', or choose 'round-robin' for equal shares"),
    Mistake(
      .noWeights,
      in: Example.with("primary-replica\n    failback: manual", "weighted\n    weights: {lisbon: 0, porto: 0}"),
      at: "29:23",
      "all weights of service 'web' are 0",
      "accepted: 0…1000, at least one above 0; 0 makes a region a standby"),
    Mistake(
      .regionWithoutWeight,
      in: Example.with("primary-replica\n    failback: manual", "weighted\n    weights: {lisbon: 1}"), at: "38:7",
      "service 'web' has members in region 'porto', which its 'weights' leave out",
      "give it a weight, 0…1000; 0 makes it a standby"),
    Mistake(
      .listenerInUse, in: Example.with("- port: 443", "- port: 80"), at: "35:9",
      "service 'web' listens on 172.20.126.100 tcp port 80, as service 'web' does in line 34",
      "choose another port or another virtual IP"),
    Mistake(
      .listenerInUse,
      in: Example.adding(
        service:
          "{name: more, virtual-ip: 172.20.126.100, mac: 0a:49:ac:14:7e:65, listeners: [{port: 80}], members: "
          + "{lisbon: [192.168.167.3]}}"
      ), at: "46:82",
      "service 'more' listens on 172.20.126.100 tcp port 80, as service 'web' does in line 34",
      "choose another port or another virtual IP"),
    Mistake(
      .virtualIPConflict,
      in: Example.adding(
        service:
          "{name: more, virtual-ip: 172.20.126.100, mac: 0a:49:ac:14:7e:66, listeners: [{port: 81}], members: "
          + "{lisbon: [192.168.167.3]}}"
      ), at: "46:51",
      "service 'more' has 172.20.126.100 with the MAC address 0a:49:ac:14:7e:66, but service 'web' in line 27 "
        + "with 0a:49:ac:14:7e:65",
      "services that share a virtual IP have the same 'mac', or none"),
    Mistake(
      .virtualIPConflict,
      in: Example.adding(
        service: "{name: more, virtual-ip: 172.20.126.100, listeners: [{port: 81}], members: {lisbon: [192.168.167.3]}}"
      ), at: "46:30",
      "service 'more' has 172.20.126.100 with the MAC address 0a:49:ac:14:7e:64, but service 'web' in line 27 "
        + "with 0a:49:ac:14:7e:65",
      "services that share a virtual IP have the same 'mac', or none"),
    Mistake(
      .virtualIPConflict,
      in: Example.adding(
        service: "{name: more, virtual-ip: 172.20.126.110, listeners: [{port: 81}], members: {lisbon: [192.168.167.3]}}"
      ), at: "46:30",
      "service 'more' has 172.20.126.110 as nobody's, but service 'api' in line 42 adopts 172.20.126.110 from "
        + "region 'lisbon'",
      "services that share a virtual IP have the same 'adopted-from', or none"),
    Mistake(
      .addressInUse, in: Example.with("virtual-ip: 172.20.126.100", "virtual-ip: 172.20.126.5"), at: "26:17",
      "the virtual IP 172.20.126.5 of service 'web' is the probe address of switch 'edge' in line 20",
      "choose an address that belongs to no machine"),
    Mistake(
      .virtualIPIsGateway, in: Example.with("virtual-ip: 172.20.126.100", "virtual-ip: 172.20.126.120"), at: "26:17",
      "the virtual IP 172.20.126.120 of service 'web' is the address of the gateway of region 'porto' on "
        + "switch 'edge' in line 23",
      "add 'adopted-from: porto', or choose an address that belongs to no machine"),
    Mistake(
      .addressInUse, in: Example.with("virtual-ip: 172.20.126.100", "virtual-ip: 192.168.243.15"), at: "38:31",
      "service 'web' has the member 192.168.243.15, the virtual IP of service 'web'",
      "a member is a machine behind a gateway"),
    Mistake(
      .virtualIPIsGateway, in: Example.without("adopted-from: lisbon"), at: "41:17",
      "the virtual IP 172.20.126.110 of service 'api' is the address of the gateway of region 'lisbon' on "
        + "switch 'edge' in line 22",
      "add 'adopted-from: lisbon', or choose an address that belongs to no machine"),
    Mistake(
      .virtualIPIsGateway,
      in: Example.adding(
        switch:
          "{name: core, datapath: 1, probe-address: 172.20.126.6, gateways: [{region: porto, port: 1, "
          + "address: 172.20.126.110}]}"
      ), at: "42:17",
      "the virtual IP 172.20.126.110 of service 'api' is the address of the gateway of region 'porto' on "
        + "switch 'core' in line 24",
      "an adopted virtual IP is the address of that region's gateway only"),
    Mistake(
      .adoptedAddress, in: Example.with("adopted-from: lisbon", "adopted-from: porto"), at: "42:19",
      "service 'api' adopts 172.20.126.110 from region 'porto', whose gateway on switch 'edge' has "
        + "172.20.126.120 in line 23",
      "use the gateway's own address as the virtual IP, or leave out 'adopted-from'"),
    Mistake(
      .unknownRegion, in: Example.with("adopted-from: lisbon", "adopted-from: lisbn"), at: "42:19",
      "'adopted-from' names the region 'lisbn', which the file does not have",
      "did you mean 'lisbon'? accepted: lisbon, porto"),
    Mistake(
      .adoptedAddress, in: Example.with("virtual-ip: 172.20.126.110", "virtual-ip: 172.20.126.111"), at: "42:19",
      "service 'api' adopts 172.20.126.111 from region 'lisbon', whose gateway on switch 'edge' has "
        + "172.20.126.110 in line 22",
      "use the gateway's own address as the virtual IP, or leave out 'adopted-from'"),
    Mistake(
      .adoptedAddress,
      in: Example.adding(
        switch:
          "{name: core, datapath: 1, probe-address: 172.20.126.6, gateways: [{region: lisbon, port: 1, "
          + "address: 172.20.126.111}]}"
      ), at: "43:19",
      "service 'api' adopts 172.20.126.110 from region 'lisbon', whose gateway on switch 'core' has "
        + "172.20.126.111 in line 24",
      "use the gateway's own address as the virtual IP, or leave out 'adopted-from'"),
    Mistake(
      .regionNotOrdered, in: Example.with("regions: [porto, lisbon]", "regions: [porto]"), at: "37:7",
      "service 'web' has members in region 'lisbon', which its 'regions' leave out",
      "add it to 'regions' of the service, or leave that key out for the order of the file"),
    Mistake(
      .noRegions, in: Example.with("regions: [porto, lisbon]", "regions: []"), at: "32:14",
      "'regions' of a service is an empty list",
      "name its regions in order of preference, or leave 'regions' out for the order of the file"),
    Mistake(
      .duplicateRegion, in: Example.with("regions: [porto, lisbon]", "regions: [porto, porto, lisbon]"), at: "32:22",
      "service 'web' names the region 'porto' twice in 'regions': first in line 32",
      "name each region once"),
    Mistake(
      .unknownRegion, in: Example.with("regions: [porto, lisbon]", "regions: [porto, lisbon, faro]"), at: "32:30",
      "service 'web' names the region 'faro', which the file does not have",
      "accepted: lisbon, porto"),
    Mistake(
      .regionWithoutMembers, in: Example.without("lisbon: [192.168.167.3]"), at: "32:22",
      "service 'web' has no members in region 'lisbon'",
      "add 'lisbon' to 'members', or take it out of 'regions'"),
    Mistake(
      .noListeners, in: Example.with("listeners: [{port: 9000}]", "listeners: []"), at: "44:16",
      "a service has no listeners",
      "add for example '{port: 80}'"),
    Mistake(
      .noMembers, in: Example.with("lisbon: [192.168.167.3]", "lisbon: []"), at: "37:7",
      "region 'lisbon' has no members for this service",
      "give the members' addresses, or take the region out"),
    Mistake(
      .noMembers, in: Example.with("lisbon: [192.168.167.3]", "lisbon:"), at: "37:7",
      "region 'lisbon' has no members for this service",
      "give the members' addresses, or take the region out"),
    Mistake(
      .duplicateMember, in: Example.with("lisbon: [192.168.167.3]", "lisbon: [192.168.167.3, 192.168.167.3]"),
      at: "37:31",
      "service 'web' has the member 192.168.167.3 twice in region 'lisbon': first in line 37",
      "name each member once"),
    Mistake(
      .noMembers, in: Example.with("members: {porto: [192.168.243.14], lisbon: [192.168.167.4]}", "members: {}"),
      at: "45:14",
      "a service has no members in any region",
      "add for example 'lisbon: [192.168.167.3]'"),
    Mistake(
      .unknownRegion, in: Example.with("lisbon: [192.168.167.4]", "lisbn: [192.168.167.4]"), at: "45:40",
      "service 'api' names the region 'lisbn', which the file does not have",
      "did you mean 'lisbon'? accepted: lisbon, porto"),
    Mistake(
      .checkTimeout, in: Example.with("timeout: 90ms", "timeout: 21s"), at: "39:106",
      "a check of service 'web' may take 21s, and one begins every 200ms",
      "accepted: at most 'interval', 200ms, so that 'fall' failures take no longer than 'fall' intervals and one timeout"
    ),
    Mistake(
      .checkTooSlow, in: Example.with("detection: heartbeat\n", "detection: heartbeat\n    check: {interval: 600ms}\n"),
      at: "44:23",
      "service 'api' is checked every 600ms with 'detection: heartbeat'",
      "accepted: at most 'heartbeat-interval', 500ms, so that each heartbeat tells of a new check"),
  ]
}
