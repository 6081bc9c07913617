// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Forwarding
import OpenFlow
import ServiceModel
import Testing

/// A random network, and what holds in it whenever it has come to rest.
struct RandomNetwork {
  var fabric: Fabric
  private let ids: [DatapathID]
  private let hosts: Int
  /// Segments with hosts that may be moved to.
  private let edges: [Int]
  private let links: [Int]
  private var down: Set<Int> = []
  private var frames: UInt32 = 0

  /// One to six switches in a ring, a chain or any other form, with loops, double wires and wires that lead back;
  /// two or three hosts for each switch.
  init(seed: UInt64, foreign: Bool) {
    var random = RandomSource(seed: seed)
    var fabric = Fabric(seed: seed)
    let count = Int(random.next(below: 6)) + 1
    let ids = (0..<count).map { fabric.addSwitch(UInt64($0) * 7 + 1, ports: 40) }
    var nextPort = Array(repeating: UInt32(1), count: count)
    func take(_ index: Int) -> PortAddress {
      defer { nextPort[index] += 1 }
      return PortAddress(ids[index], PortNumber(nextPort[index]))
    }
    func any() -> Int { Int(random.next(below: UInt64(count))) }
    var links: [Int] = []
    func join(_ ends: [Int], foreign: Bool = false) {
      fabric.addSegment(Fabric.Segment(ports: ends.map { take($0) }, isForeign: foreign))
      links.append(fabric.segments.count - 1)
    }
    // Nearly always one piece.
    for index in 1..<max(count, 1) where random.next(below: 20) > 0 {
      join([index, Int(random.next(below: UInt64(index)))])
    }
    for _ in 0..<random.next(below: 5) { join([any(), any()]) }
    if foreign {
      for _ in 0...random.next(below: 2) {
        join((0...random.next(below: 3)).map { _ in any() }, foreign: true)
      }
    }
    var edges: [Int] = []
    var hosts = 0
    for index in 0..<count {
      for _ in 0...random.next(below: 2) {
        let crowd = random.next(below: 5) == 0 ? 2 : 1
        fabric.addSegment(Fabric.Segment(ports: [take(index)], hosts: Array(hosts..<hosts + crowd)))
        hosts += crowd
        edges.append(fabric.segments.count - 1)
      }
    }
    self.fabric = fabric
    self.ids = ids
    self.hosts = hosts
    self.edges = edges
    self.links = links
  }

  /// All switches connect, while hosts already talk.
  mutating func start() {
    for id in self.ids { self.fabric.connect(id) }
    for host in 0..<self.hosts { self.fabric.send(self.number(), from: host, to: .broadcast) }
    self.rest(.milliseconds(1500), "start")
  }

  /// Something changes, while hosts talk.
  mutating func disturb() -> String {
    let what: String
    switch self.fabric.random.next(below: 8) {
    case 0 where !self.links.isEmpty, 1 where !self.links.isEmpty:
      let link = self.pick(self.links)
      let isUp = self.down.contains(link)
      if isUp { self.down.remove(link) } else { self.down.insert(link) }
      self.fabric.setSegment(link, isUp: isUp)
      what = "link \(link) \(isUp ? "up" : "down")"
    case 2 where !self.links.isEmpty:
      let link = self.pick(self.links)
      let isSilent = !self.fabric.segments[link].isSilent
      self.fabric.setSegment(link, isSilent: isSilent)
      what = "link \(link) \(isSilent ? "silent" : "carries again")"
    case 3:
      let host = Int(self.fabric.random.next(below: UInt64(self.hosts)))
      let edge = self.pick(self.edges)
      self.fabric.move(host, to: edge)
      self.fabric.send(self.number(), from: host, to: .broadcast)
      what = "host \(host) at segment \(edge)"
    case 4:
      let id = self.pick(self.ids)
      self.fabric.reboot(id)
      what = "\(id) reboots"
    case 5:
      let id = self.pick(self.ids)
      self.fabric.disconnect(id)
      for host in 0..<self.hosts { self.fabric.send(self.number(), from: host, to: .broadcast) }
      self.rest(.seconds(1), "\(id) disconnected")
      self.fabric.connect(id)
      what = "\(id) reconnects"
    case 6:
      self.fabric.restartController()
      what = "the controller restarts"
    default:
      self.fabric.expireSomeFlows()
      what = "flows expire"
    }
    for host in 0..<self.hosts {
      let other = Int(self.fabric.random.next(below: UInt64(self.hosts)))
      self.fabric.send(self.number(), from: host, to: Fabric.mac(other))
    }
    // Silence is noticed after three and a half intervals of five seconds.
    self.rest(.seconds(25), what)
    return what
  }

  /// No frame circulates: everything comes to rest, and also while the network changes no host gets more copies of a
  /// frame than there are ways to it.
  private mutating func rest(_ duration: Duration, _ what: String) {
    let rests = self.fabric.wait(duration)
    #expect(rests, "\(what): frames circulate")
    #expect(self.fabric.refusals == [], "\(what)")
    let copies = self.fabric.arrivals.values.flatMap(\.values).max() ?? 0
    #expect(copies <= 1 + self.ids.count, "\(what): \(copies) copies of one frame came to one host")
    self.fabric.forgetArrivals()
  }

  /// Everybody reaches everybody in the same piece of the network: by broadcast exactly once, and by unicast too.
  mutating func check(_ what: String) {
    let piece = self.pieces()
    for sender in 0..<self.hosts {
      let arrived = self.deliver(from: sender, to: .broadcast, what)
      for receiver in 0..<self.hosts where receiver != sender {
        let expected = piece[sender] == piece[receiver] ? 1 : 0
        #expect(
          arrived[receiver, default: 0] == expected, "\(what): broadcast from \(sender) to \(receiver)")
      }
      #expect(arrived[sender] == nil, "\(what): \(sender) hears itself")
    }
    for sender in 0..<self.hosts {
      for receiver in 0..<self.hosts where receiver != sender && piece[sender] == piece[receiver] {
        // First by the controller, then by flows.
        for round in 0..<2 {
          let arrived = self.deliver(from: sender, to: Fabric.mac(receiver), what)
          let others = arrived.filter { $0.key != receiver }
          #expect(arrived[receiver] == 1, "\(what): round \(round) from \(sender) to \(receiver)")
          #expect(
            others.keys.allSatisfy { self.isTogether($0, with: [sender, receiver]) },
            "\(what): \(others) got what was for \(receiver)")
        }
      }
    }
  }

  /// On one segment everybody hears everything.
  private func isTogether(_ host: Int, with others: [Int]) -> Bool {
    self.fabric.segments.contains { segment in
      segment.hosts.contains(host) && others.contains { segment.hosts.contains($0) }
    }
  }

  private mutating func deliver(from sender: Int, to destination: MACAddress, _ what: String) -> [Int: Int] {
    let number = self.number()
    self.fabric.crossings = 0
    self.fabric.send(number, from: sender, to: destination)
    let rests = self.fabric.settle()
    #expect(rests, "\(what): a frame circulates")
    #expect(self.fabric.crossings <= self.fabric.segments.count, "\(what): a segment is crossed twice")
    return self.fabric.arrivals[number] ?? [:]
  }

  /// In which piece of the network each host is, as anybody can see from outside.
  private func pieces() -> [Int] {
    var piece = Array(0..<self.ids.count)
    for segment in self.fabric.segments where !segment.isSilent {
      let ends = segment.ports.filter { self.fabric.isUp($0) }.compactMap { self.ids.firstIndex(of: $0.datapath) }
      guard let first = ends.first else { continue }
      for end in ends {
        let (old, new) = (piece[end], piece[first])
        for index in piece.indices where piece[index] == old { piece[index] = new }
      }
    }
    return (0..<self.hosts).map { host in
      let segment = self.fabric.segments.first { $0.hosts.contains(host) }
      return segment?.ports.first.flatMap { self.ids.firstIndex(of: $0.datapath) }.map { piece[$0] } ?? -1
    }
  }

  private mutating func number() -> UInt32 {
    self.frames += 1
    return self.frames
  }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int(self.fabric.random.next(below: UInt64(elements.count)))]
  }
}
