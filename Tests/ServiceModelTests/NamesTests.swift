// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel
import Testing

@Suite struct NamesTests {
  @Test(arguments: ["a", "0", "eu-west-1", "a.b_c-d", String(repeating: "a", count: 63)])
  func `a name is accepted`(text: String) {
    #expect(RegionName(text)?.text == text)
    #expect(ServiceName(text)?.description == text)
  }

  @Test(arguments: ["", "A", "-a", "_a", ".a", "a b", "ä", "a/b", "a\n", String(repeating: "a", count: 64)])
  func `a name is refused`(text: String) {
    #expect(SwitchName(text) == nil)
  }

  @Test func `names sort by their text`() {
    let names = ["b", "a", "a-b", "10", "9"].compactMap { RegionName($0) }
    #expect(names.sorted().map(\.text) == ["10", "9", "a", "a-b", "b"])
  }

  @Test func `a key has 32 bytes and is never printed`() {
    #expect(RegionKey(bytes: []) == nil)
    #expect(RegionKey(bytes: [UInt8](repeating: 1, count: 33)) == nil)
    let key = RegionKey(bytes: [UInt8](repeating: 0x41, count: 32))
    #expect(key.map { "\($0)" } == "(key)")
    #expect(key.map { String(reflecting: $0) } == "(key)")
  }
}

@Suite struct AddressesTests {
  @Test(
    arguments: [
      ("0.0.0.0", 0), ("255.255.255.255", 0xffff_ffff), ("192.0.2.1", 0xc000_0201), ("10.0.0.100", 0x0a00_0064),
    ] as [(String, UInt32)])
  func `an IPv4 address is read and written`(text: String, value: UInt32) {
    #expect(IPv4Address(text)?.rawValue == value)
    #expect(IPv4Address(rawValue: value).description == text)
  }

  @Test(arguments: [
    "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.1.1.1", "01.2.3.4", "1.2.3.00", "+1.2.3.4",
    "1.2.3.4 ", "a.b.c.d", "1.2.3.٤", "0x1.2.3.4",
  ])
  func `what is no IPv4 address is not read as one`(text: String) {
    #expect(IPv4Address(text) == nil)
  }

  @Test func `a MAC address is read and written`() {
    #expect(MACAddress("02:00:5e:10:00:ff")?.rawValue == 0x0200_5e10_00ff)
    #expect(MACAddress(rawValue: 0xffff_0200_5e10_00ff).description == "02:00:5e:10:00:ff")
    #expect(MACAddress.broadcast.isMulticast)
    #expect(MACAddress("01:00:5e:00:00:01")?.isMulticast == true)
    #expect(MACAddress("02:00:5e:00:00:01")?.isMulticast == false)
  }

  @Test(arguments: [
    "", "02:00:5e:10:00", "02:00:5e:10:00:ff:00", "2:0:5e:10:0:f", "02-00-5e-10-00-ff", "0g:00:00:00:00:00",
  ])
  func `what is no MAC address is not read as one`(text: String) {
    #expect(MACAddress(text) == nil)
  }

  @Test func `a datapath id is read in the forms in which it is written`() {
    let id = DatapathID(rawValue: 0x503e_aadc_be04)
    for text in ["00:00:50:3e:aa:dc:be:04", "0000503eaadcbe04", "503eaadcbe04", "0x503EAADCBE04"] {
      #expect(DatapathID(text) == id, "\(text)")
    }
    #expect(id.description == "00:00:50:3e:aa:dc:be:04")
    for text in ["", "0x", "00:00", "12345678901234567", "xyz", "00:00:50:3e:aa:dc:be:4"] {
      #expect(DatapathID(text) == nil, "\(text)")
    }
  }

  @Test func `an endpoint is an address, a colon and a port`() {
    #expect(SocketEndpoint("192.0.2.1:80") == IPv4Address("192.0.2.1").map { SocketEndpoint($0, 80) })
    for text in ["", "192.0.2.1", "192.0.2.1:", ":80", "192.0.2.1:65536", "192.0.2.1:-1", "192.0.2.1:+1", "a:1"] {
      #expect(SocketEndpoint(text) == nil, "\(text)")
    }
  }
}
