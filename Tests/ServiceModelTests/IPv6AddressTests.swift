// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FoundationEssentials
import ServiceModel
import Testing

@Suite struct IPv6AddressTests {
  /// What is read, and the one form in which it is written (RFC 5952).
  @Test(
    arguments: [
      ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("0:0:0:0:0:0:0:0", "::"),
      ("2001:0DB8:0000:0000:0000:0000:0000:0001", "2001:db8::1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
      ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
      ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
      ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
      ("::ffff:c000:201", "::ffff:192.0.2.1"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
      ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("FE80::ABCD", "fe80::abcd"),
    ])
  func `an address is read in any form and written in one`(text: String, written: String) {
    let address = IPv6Address(text)
    #expect(address?.description == written)
    #expect(IPv6Address(written) == address)
    #expect(address.map { $0.octets.reduce(0) { $0 << 8 | UInt128($1) } } == address?.rawValue)
  }

  @Test(arguments: [
    "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1::", "1::2::3", ":1::2", "1:",
    "12345::", "g::", "+1::", "-1::", "::1.2.3", "::256.0.0.1", "1.2.3.4::", "::1.2.3.4:5", "fe80::1%eth0", "fe80::1%",
    "2001:db8::1/64", "[::1]", " ::1", "::1 ", "::١", "1:2:3:4:5:6:7:1.2.3.4", "192.0.2.1",
  ])
  func `what is no address is not read as one`(text: String) {
    #expect(IPv6Address(text) == nil)
  }

  @Test func `every address is read as what was written`() {
    var random = RandomSource(seed: 6)
    for _ in 0..<2_000 {
      // Words of zeros, so that what is left out is found everywhere.
      var number: UInt128 = 0
      for _ in 0..<8 { number = number << 16 | UInt128(random.next(below: 3) == 0 ? 0 : random.next(below: 0x1_0000)) }
      let address = IPv6Address(rawValue: number)
      #expect(IPv6Address(address.description) == address, "\(address)")
    }
  }

  @Test func `kinds of addresses are told apart`() throws {
    #expect(try #require(IPv6Address("::")).isUnspecified)
    #expect(try #require(IPv6Address("::1")).isLoopback)
    #expect(try #require(IPv6Address("ff02::1")).isMulticast)
    #expect(try #require(IPv6Address("febf::1")).isLinkLocal)
    #expect(try #require(IPv6Address("fec0::1")).isLinkLocal == false)
    #expect(try #require(IPv6Address("::ffff:192.0.2.1")).isIPv4Mapped)
    #expect(IPv6Address("2001:db8::12:3456")?.solicitedNode.description == "ff02::1:ff12:3456")
  }

  @Test func `an address of either family is read, compared and put into JSON`() throws {
    let addresses = try ["10.0.0.2", "192.0.2.1", "::1", "2001:db8::1"].map { try #require(IPAddress($0)) }
    #expect(addresses.map(\.family) == [.v4, .v4, .v6, .v6])
    #expect(addresses.reversed().sorted() == addresses)
    let json = try JSONEncoder().encode(addresses)
    #expect(String(decoding: json, as: UTF8.self) == #"["10.0.0.2","192.0.2.1","::1","2001:db8::1"]"#)
    #expect(try JSONDecoder().decode([IPAddress].self, from: json) == addresses)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([IPAddress].self, from: Data(#"["x"]"#.utf8)) }
  }

  @Test func `an endpoint has its IPv6 address in brackets`() {
    let endpoint = SocketEndpoint("[2001:db8::1]:80")
    #expect(endpoint?.address == IPAddress("2001:db8::1"))
    #expect(endpoint?.port == 80)
    #expect(endpoint?.description == "[2001:db8::1]:80")
    for text in ["2001:db8::1:80", "[2001:db8::1]", "[2001:db8::1]:", "[192.0.2.1]:80", "[::1:80", "::1]:80", "[]:80"] {
      #expect(SocketEndpoint(text) == nil, "\(text)")
    }
  }

  @Test func `the MAC of a virtual IP is a function of its address, of each family apart`() throws {
    let ipv4 = VirtualIP(address: try #require(IPAddress("172.20.126.100")))
    let ipv6 = VirtualIP(address: try #require(IPAddress("2001:db8:126::100")))
    #expect(ipv4.mac.description == "0a:49:ac:14:7e:64")
    #expect(ipv6.mac.description.hasPrefix("0a:4a:"))
    #expect(ipv6.mac == VirtualIP.defaultMAC(for: ipv6.address))
  }
}
