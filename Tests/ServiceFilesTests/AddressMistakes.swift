// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceFiles

extension Mistake {
  /// Addresses, ports of switches, requests and keys that are wrong by themselves.
  static let addresses: [Mistake] = [
    Mistake(
      .invalidEndpoint, in: Example.with("openflow: 0.0.0.0:6653", "openflow: 6653"), at: "2:13",
      "'openflow' is '6653', which is no place to listen",
      "accepted: ADDRESS:PORT like 127.0.0.1:8080; 0.0.0.0 is all addresses"),
    Mistake(
      .invalidEndpoint, in: Example.with("openflow: 0.0.0.0:6653", "openflow: 0.0.0.0:65536"), at: "2:13",
      "'openflow' is '0.0.0.0:65536', which is no place to listen",
      "accepted: ADDRESS:PORT like 127.0.0.1:8080; 0.0.0.0 is all addresses"),
    Mistake(
      .invalidEndpoint, in: Example.with("openflow: 0.0.0.0:6653", "openflow: 224.0.0.1:6653"), at: "2:13",
      "'openflow' is '224.0.0.1:6653', which is no place to listen",
      "accepted: ADDRESS:PORT like 127.0.0.1:8080; 0.0.0.0 is all addresses"),
    Mistake(
      .invalidEndpoint, in: Example.with("management: 10.0.0.11:6655", "management: 10.0.0.11"), at: "14:17",
      "'management' is '10.0.0.11', which is no endpoint of a machine",
      "accepted: ADDRESS:PORT like 10.0.0.11:6655, port 1…65535"),
    Mistake(
      .invalidEndpoint, in: Example.with("management: 10.0.0.11:6655", "management: 0.0.0.0:6655"), at: "14:17",
      "'management' is '0.0.0.0:6655', which is no endpoint of a machine",
      "accepted: ADDRESS:PORT like 10.0.0.11:6655, port 1…65535"),
    Mistake(
      .invalidEndpoint, in: Example.with("management: 10.0.0.11:6655", "management: 10.0.0.11:0"), at: "14:17",
      "'management' is '10.0.0.11:0', which is no endpoint of a machine",
      "accepted: ADDRESS:PORT like 10.0.0.11:6655, port 1…65535"),
    Mistake(
      .invalidDatapath, in: Example.with("datapath: 00:00:50:3e:aa:dc:be:04", "datapath: edge"), at: "19:15",
      "'datapath' is 'edge', which is no datapath id",
      "accepted: eight octets like 00:00:50:3e:aa:dc:be:04, or 1 to 16 hexadecimal digits"),
    Mistake(
      .invalidPort, in: Example.with("port: 2,", "port: 0,"), at: "22:32",
      "'port' is '0', which is no port of a switch",
      "accepted: a number 1…4294967040, or a name of 1 to 15 visible ASCII characters"),
    Mistake(
      .invalidPort, in: Example.with("port: 2,", "port: 4294967041,"), at: "22:32",
      "'port' is '4294967041', which is no port of a switch",
      "accepted: a number 1…4294967040, or a name of 1 to 15 visible ASCII characters"),
    Mistake(
      .invalidPort, in: Example.with("port: 2,", "port: veth porto,"), at: "22:32",
      "'port' is 'veth porto', which is no port of a switch",
      "accepted: a number 1…4294967040, or a name of 1 to 15 visible ASCII characters"),
    Mistake(
      .invalidPort, in: Example.with("port: 2,", "port: veth-to-lisbon-0,"), at: "22:32",
      "'port' is 'veth-to-lisbon-0', which is no port of a switch",
      "accepted: a number 1…4294967040, or a name of 1 to 15 visible ASCII characters"),
    Mistake(
      .invalidAddress, in: Example.with("probe-address: 172.20.126.5", "probe-address: 172.20.126"), at: "20:20",
      "'probe-address' is '172.20.126', which is no IPv4 address",
      "accepted: four numbers 0…255 without leading zeros, like 192.0.2.1"),
    Mistake(
      .invalidAddress, in: Example.with("probe-address: 172.20.126.5", "probe-address: 010.0.0.1"), at: "20:20",
      "'probe-address' is '010.0.0.1', which is no IPv4 address",
      "accepted: four numbers 0…255 without leading zeros, like 192.0.2.1"),
    Mistake(
      .invalidAddress, in: Example.with("probe-address: 172.20.126.5", "probe-address: 'fe80::1'"), at: "20:20",
      "'probe-address' is 'fe80::1', which is no IPv4 address",
      "accepted: four numbers 0…255 without leading zeros, like 192.0.2.1"),
    Mistake(
      .invalidAddress, in: Example.with("lisbon: [192.168.167.3]", "lisbon: ['fe80::1%eth0']"), at: "37:16",
      "an item of 'lisbon' is 'fe80::1%eth0', which is no IP address",
      "accepted: four numbers 0…255 without leading zeros, like 192.0.2.1; or an IPv6 address without a zone, like "
        + "2001:db8::1"),
    Mistake(
      .unusableAddress, in: Example.with("lisbon: [192.168.167.3]", "lisbon: ['fe80::1']"), at: "37:16",
      "an item of 'lisbon' is fe80::1, a link-local address, which is known on one link only",
      "accepted: what one machine on a network can have, a global or a unique local address (RFC 4291, 2.5.4; RFC 4193)"
    ),
    Mistake(
      .unusableAddress, in: Example.with("lisbon: [192.168.167.3]", "lisbon: ['::']"), at: "37:16",
      "an item of 'lisbon' is ::, the unspecified address",
      "accepted: what one machine on a network can have, a global or a unique local address (RFC 4291, 2.5.4; RFC 4193)"
    ),
    Mistake(
      .unusableAddress, in: Example.with("lisbon: [192.168.167.3]", "lisbon: ['ff02::1']"), at: "37:16",
      "an item of 'lisbon' is ff02::1, a multicast address",
      "accepted: what one machine on a network can have, a global or a unique local address (RFC 4291, 2.5.4; RFC 4193)"
    ),
    Mistake(
      .unusableAddress, in: Example.with("lisbon: [192.168.167.3]", "lisbon: ['::ffff:192.0.2.1']"), at: "37:16",
      "an item of 'lisbon' is ::ffff:192.0.2.1, an IPv4 address in the form that programs use for it",
      "accepted: what one machine on a network can have, a global or a unique local address (RFC 4291, 2.5.4; RFC 4193)"
    ),
    Mistake(
      .mixedFamilies, in: Example.with("lisbon: [192.168.167.3]", "lisbon: ['2001:db8::3']"), at: "37:16",
      "service 'web' has the IPv4 virtual IP 172.20.126.100 and the IPv6 member 2001:db8::3",
      "members have addresses of the virtual IP's family; for both families make two services"),
    Mistake(
      .gatewayWithoutIPv6,
      in: Example.adding(
        service: "{name: web6, virtual-ip: '2001:db8::100', listeners: [{port: 80}], "
          + "members: {lisbon: ['2001:db8::3']}}"),
      at: "46:82",
      "service 'web6' has an IPv6 virtual IP and members in region 'lisbon', whose gateway on switch 'edge' in line 22 "
        + "has no 'ipv6'",
      "add for example 'ipv6: 2001:db8::110' to that gateway: an address on the same interface as 'address'"),
    Mistake(
      .invalidAddress,
      in: Example.with("port: 2, address: 172.20.126.110", "port: 2, address: 172.20.126.110, ipv6: 192.0.2.1"),
      at: "22:66", "'ipv6' is '192.0.2.1', which is no IPv6 address",
      "accepted: an IPv6 address without a zone, like 2001:db8::1"),
    Mistake(
      .unusableAddress, in: Example.with("probe-address: 172.20.126.5", "probe-address: 224.0.0.1"), at: "20:20",
      "'probe-address' is 224.0.0.1, a multicast address",
      "accepted: what one machine on a network can have, 1.0.0.0 … 223.255.255.255 without 127.0.0.0/8"),
    Mistake(
      .unusableAddress, in: Example.with("probe-address: 172.20.126.5", "probe-address: 127.0.0.1"), at: "20:20",
      "'probe-address' is 127.0.0.1, a loopback address",
      "accepted: what one machine on a network can have, 1.0.0.0 … 223.255.255.255 without 127.0.0.0/8"),
    Mistake(
      .unusableAddress, in: Example.with("probe-address: 172.20.126.5", "probe-address: 0.0.0.0"), at: "20:20",
      "'probe-address' is 0.0.0.0, the unspecified address",
      "accepted: what one machine on a network can have, 1.0.0.0 … 223.255.255.255 without 127.0.0.0/8"),
    Mistake(
      .unusableAddress, in: Example.with("probe-address: 172.20.126.5", "probe-address: 255.255.255.255"), at: "20:20",
      "'probe-address' is 255.255.255.255, a reserved address",
      "accepted: what one machine on a network can have, 1.0.0.0 … 223.255.255.255 without 127.0.0.0/8"),
    Mistake(
      .unusableAddress, in: Example.with("probe-address: 172.20.126.5", "probe-address: 0.1.2.3"), at: "20:20",
      "'probe-address' is 0.1.2.3, an address of \"this network\" (RFC 1122, 3.2.1.3)",
      "accepted: what one machine on a network can have, 1.0.0.0 … 223.255.255.255 without 127.0.0.0/8"),
    Mistake(
      .unusableAddress, in: Example.with("lisbon: [192.168.167.3]", "lisbon: [127.0.0.1]"), at: "37:16",
      "an item of 'lisbon' is 127.0.0.1, a loopback address",
      "accepted: what one machine on a network can have, 1.0.0.0 … 223.255.255.255 without 127.0.0.0/8"),
    Mistake(
      .invalidMAC, in: Example.with("mac: fa:16:3e:d8:26:42", "mac: fb:16:3e:d8:26:42"), at: "23:73",
      "'mac' is 'fb:16:3e:d8:26:42', which is no MAC address of one machine",
      "accepted: six octets like 0a:49:ac:14:7e:64, the first one even, not all zero"),
    Mistake(
      .invalidMAC, in: Example.with("mac: fa:16:3e:d8:26:42", "mac: fa-16-3e-d8-26-42"), at: "23:73",
      "'mac' is 'fa-16-3e-d8-26-42', which is no MAC address of one machine",
      "accepted: six octets like 0a:49:ac:14:7e:64, the first one even, not all zero"),
    Mistake(
      .invalidMAC, in: Example.with("mac: 0a:49:ac:14:7e:65", "mac: 00:00:00:00:00:00"), at: "27:10",
      "'mac' is '00:00:00:00:00:00', which is no MAC address of one machine",
      "accepted: six octets like 0a:49:ac:14:7e:64, the first one even, not all zero"),
    Mistake(
      .invalidPath, in: Example.with("path: /health", "path: health"), at: "39:26",
      "'path' is 'health', which is no path of a request",
      "accepted: '/' and up to 1023 visible ASCII characters; write others as '%20'"),
    Mistake(
      .invalidPath, in: Example.with("path: /health", "path: '/a b'"), at: "39:26",
      "'path' is '/a b', which is no path of a request",
      "accepted: '/' and up to 1023 visible ASCII characters; write others as '%20'"),
    Mistake(
      .invalidPath, in: Example.with("path: /health", "path: '/a#b'"), at: "39:26",
      "'path' is '/a#b', which is no path of a request",
      "accepted: '/' and up to 1023 visible ASCII characters; write others as '%20'"),
    Mistake(
      .invalidStatus, in: Example.with("status: 200", "status: 2xx"), at: "39:43",
      "'status' is '2xx', which is no status",
      "accepted: 100…599, one like 200 or a range like 200-399"),
    Mistake(
      .invalidStatus, in: Example.with("status: 200", "status: 300-200"), at: "39:43",
      "'status' is '300-200', which is no status",
      "accepted: 100…599, one like 200 or a range like 200-399"),
    Mistake(
      .invalidStatus, in: Example.with("status: 200", "status: 99"), at: "39:43",
      "'status' is '99', which is no status",
      "accepted: 100…599, one like 200 or a range like 200-399"),
    Mistake(
      .invalidStatus, in: Example.with("status: 200", "status: 200-"), at: "39:43",
      "'status' is '200-', which is no status",
      "accepted: 100…599, one like 200 or a range like 200-399"),
    Mistake(
      .invalidHost, in: Example.with("host: example.org", "host: 'example org'"), at: "39:54",
      "'host' is 'example org', which is no host of a request",
      "accepted: a name or address with or without ':port', like example.org"),
    Mistake(
      .invalidHost, in: Example.with("host: example.org", "host: \"a\\r\\nX: b\""), at: "39:54",
      "'host' is 'a��X: b', which is no host of a request",
      "accepted: a name or address with or without ':port', like example.org"),
    Mistake(
      .missingKey, in: Example.without("key-file: keys/lisbon.key"), at: "12:5",
      "a region has no 'key-file'",
      "add for example 'key-file: keys/lisbon.key', a file with 64 hexadecimal digits (32 bytes), as 'openssl "
        + "rand -hex 32' makes them"
    ),
    Mistake(
      .keyFileUnreadable, in: Example.with("key-file: keys/lisbon.key", "key-file: keys/none.key"), at: "13:15",
      "the key file 'keys/none.key' cannot be read: there is no such file",
      "a relative path begins at this file's folder"),
    Mistake(
      .keyExposed, in: Example.with("key-file: keys/lisbon.key", "key-file: keys/exposed.key"), at: "13:15",
      "every user of this machine may read or write the key file 'keys/exposed.key'",
      "run 'chmod o= keys/exposed.key'; make a new key if others use this machine"),
    Mistake(
      .keyFileUnreadable, in: Example.with("key: abab", "key-file: abab"), at: "16:15",
      "'key-file' is a key, not a path",
      "put the key into a file and name that, or write 'key' instead of 'key-file'"),
    Mistake(
      .invalidKey, in: Example.with("key: abab", "key: ab"), at: "16:10",
      "the key in 'key' has 62 characters",
      "accepted: 64 hexadecimal digits (32 bytes), as 'openssl rand -hex 32' makes them"),
    Mistake(
      .invalidKey, in: Example.with("key: abab", "key: abxx"), at: "16:10",
      "the key in 'key' has characters that are no hexadecimal digits",
      "accepted: 64 hexadecimal digits (32 bytes), as 'openssl rand -hex 32' makes them"),
    Mistake(
      .invalidKey, in: Example.with("key-file: keys/lisbon.key", "key: ''"), at: "13:10",
      "the key in 'key' has 0 characters",
      "accepted: 64 hexadecimal digits (32 bytes), as 'openssl rand -hex 32' makes them"),
  ]
}
