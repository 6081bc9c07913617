// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel
import Steering
import Testing

/// What is remembered of connections is what is open, and bounded.
@Suite struct ConnectionBookTests {
  private let north = RegionName(unchecked: "north")
  private let south = RegionName(unchecked: "south")

  private func key(_ port: UInt16) -> ConnectionBook.Key {
    ConnectionBook.Key(client: SocketEndpoint(IPv4Address(rawValue: 0xc633_6401), port), target: 20_000)
  }

  @Test func `a connection that ended is counted no more, once`() {
    var book = ConnectionBook()
    for port in 1...3 { book.begin(self.key(UInt16(port)), in: self.north) }
    #expect(book.end(self.key(2)) == self.north)
    #expect(book.end(self.key(2)) == nil)
    #expect(book.open(target: 20_000)[self.north] == 2)
  }

  @Test func `a first packet that comes again proves nothing, one after it does`() {
    var book = ConnectionBook()
    // The last is one that came again after the connection was proven.
    let seen = [true, true, false, true].map { book.begin(self.key(1), in: self.north, isRepeatable: $0) }
    #expect(seen == [.begun, .begun, .established, .established])
    #expect(!book.hasEnded(self.key(1)))
    book.end(self.key(1))
    #expect(book.hasEnded(self.key(1)))
    #expect(!book.hasEnded(self.key(2)), "nobody knows it")
    #expect(book.open(target: 20_000)[self.north] == 0)
    #expect(book.begin(self.key(1), in: self.north) == .ended, "last packets open nothing")
    #expect(book.open(target: 20_000)[self.north] == 0)
  }

  @Test func `a connection that has ended keeps its region when its flow is gone`() {
    var book = ConnectionBook()
    book.begin(self.key(1), in: self.north)
    book.end(self.key(1))
    book.expire(self.key(1), packets: 9)
    #expect(book.region(of: self.key(1)) == self.north)
    #expect(book.hasEnded(self.key(1)) && !book.hasFlow(self.key(1)))
  }

  @Test func `flows that are found count as open unless they say otherwise`() {
    var book = ConnectionBook()
    book.found([
      ConnectionBook.Found(key: self.key(1), region: self.north),
      ConnectionBook.Found(key: self.key(2), region: self.north, hasEnded: true),
    ])
    #expect(book.open(target: 20_000)[self.north] == 1)
    #expect(book.hasEnded(self.key(2)))
  }

  @Test func `what began and never went on is forgotten with its flow`() {
    var book = ConnectionBook()
    book.begin(self.key(1), in: self.north)
    book.expire(self.key(1), packets: 1)
    #expect(book.count == 0)
    #expect(book.open(target: 20_000)[self.north] == 0)
  }

  @Test func `what is remembered without a flow is bounded, the newest stay`() {
    var book = ConnectionBook(capacity: 10)
    for port in 1...100 {
      book.begin(self.key(UInt16(port)), in: self.north)
      book.expire(self.key(UInt16(port)), packets: 9)
    }
    #expect(book.count <= 10)
    #expect(book.region(of: self.key(100)) == self.north)
    #expect(book.region(of: self.key(1)) == nil)
    #expect(book.open(target: 20_000)[self.north] == book.count)
  }

  @Test func `one that goes on after its flow expired is not forgotten for its age`() {
    var book = ConnectionBook(capacity: 10)
    book.begin(self.key(1), in: self.north)
    book.expire(self.key(1), packets: 9)
    book.begin(self.key(1), in: self.north)
    for port in 2...50 {
      book.begin(self.key(UInt16(port)), in: self.south)
      book.expire(self.key(UInt16(port)), packets: 9)
    }
    #expect(book.region(of: self.key(1)) == self.north)
  }

  @Test func `a region's connections are forgotten together`() {
    var book = ConnectionBook()
    book.begin(self.key(1), in: self.north)
    book.begin(self.key(2), in: self.south)
    book.forget(region: self.north)
    #expect(book.region(of: self.key(1)) == nil)
    #expect(book.open(target: 20_000) == [self.north: 0, self.south: 1])
  }
}
