// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlow
import Testing

@Suite struct HelloTests {
  private let mine = Hello(offering: [.v1_3, .v1_5])

  @Test func bitmapsDecide() {
    #expect(self.mine.headerVersion == 6)
    #expect(self.mine.negotiated(with: Hello(offering: [.v1_3])) == .v1_3)
    #expect(self.mine.negotiated(with: self.mine) == .v1_5)
    // A peer with 1.0, 1.3 and 1.4.
    #expect(self.mine.negotiated(with: Hello(headerVersion: 5, bitmap: VersionBitmap(rawValue: 0x32))) == .v1_3)
    #expect(self.mine.negotiated(with: Hello(headerVersion: 5, bitmap: VersionBitmap(rawValue: 0x20))) == nil)
  }

  @Test func withoutBitmapTheLowerHeaderDecides() {
    #expect(self.mine.negotiated(with: Hello(headerVersion: 4, bitmap: nil)) == .v1_3)
    #expect(self.mine.negotiated(with: Hello(headerVersion: 9, bitmap: nil)) == .v1_5)
    #expect(self.mine.negotiated(with: Hello(headerVersion: 5, bitmap: nil)) == nil)
    #expect(self.mine.negotiated(with: Hello(headerVersion: 1, bitmap: nil)) == nil)
    #expect(Hello(offering: [.v1_5]).negotiated(with: Hello(headerVersion: 4, bitmap: nil)) == nil)
  }

  @Test func unknownElementsAreKept() throws {
    let bytes: [UInt8] = [
      6, 0, 0, 32, 0, 0, 0, 1, 0, 9, 0, 5, 1, 0, 0, 0, 0, 1, 0, 12, 0, 0, 0, 0x50, 1, 2, 3, 4, 0, 0, 0, 0,
    ]
    var hello = self.mine
    hello.otherElements = [RawProperty(type: 9, body: [1])]
    #expect(try Message(bytes: bytes, .v1_3).body == .hello(hello))
  }
}
