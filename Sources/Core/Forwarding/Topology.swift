// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow

/// How the switches hang together, from which ports hear which.
///
/// Ports that hear each other, directly or through others, share a *segment*: a wire with two ends, or a foreign
/// network with several. Switches and segments are the nodes of a graph whose edges are the ports; its spanning trees,
/// one for each part that hangs together, are found breadth first from the switch with the lowest datapath id. So a
/// packet that is flooded passes every segment at most once, whatever is behind it.
struct Topology: Sendable {
  /// A way from one switch to the next.
  struct Link: Sendable, Equatable {
    var port: PortNumber
    /// Index of the switch at the other end.
    var peer: Int
    var peerPort: PortNumber
  }

  /// Roles of ports that hear others or are heard; other ports are what they are by themselves. By switch and port.
  private(set) var roles: [[Int: PortRole]]
  /// Ways that packets to known hosts may take, by switch, in a fixed order.
  private(set) var links: [[Link]]
  /// Ports that hear each other, sorted.
  private(set) var pairs: [PortPair] = []
  /// Pairs of ports beside the tree, sorted.
  private(set) var loops: [PortPair] = []

  private var ends: [End] = []
  private var segments: [Segment] = []

  /// A port in a segment.
  private struct End {
    var slot: Int
    var port: Int
    var address: PortAddress
    var segment = 0
    var isOnTree = false
  }

  private struct Segment {
    /// Indices of ends, in the order of their addresses.
    var ends: [Int] = []
    /// All of its ports hear each other without a bridge between.
    var isDirect = true
  }

  init(_ switches: [ForwardingSwitch], slots: [DatapathID: Int]) {
    self.roles = Array(repeating: [:], count: switches.count)
    self.links = Array(repeating: [], count: switches.count)
    let order = switches.indices.filter { switches[$0].isConnected }.sorted {
      switches[$0].datapath < switches[$1].datapath
    }
    self.findSegments(switches, slots, order)
    self.growTrees(order, count: switches.count)
    for segment in self.segments { self.assign(segment) }
    self.loops.sort()
  }

  /// Makes room for a switch that nobody has heard yet.
  mutating func addSwitch() {
    self.roles.append([:])
    self.links.append([])
  }

  /// Joins ports that hear each other. A port that hears without being heard, or the other way round, is no edge and no
  /// way either.
  private mutating func findSegments(_ switches: [ForwardingSwitch], _ slots: [DatapathID: Int], _ order: [Int]) {
    var known: [PortAddress: Int] = [:]
    for slot in order {
      for (index, port) in switches[slot].ports.enumerated() where port.role != .down && !port.neighbours.isEmpty {
        let address = switches[slot].address(index)
        self.roles[slot][index] = .blocked
        for neighbour in port.neighbours {
          guard let peer = slots[neighbour.address.datapath], switches[peer].isConnected,
            let peerPort = switches[peer].index(of: neighbour.address.port),
            switches[peer].ports[peerPort].role != .down
          else { continue }
          self.roles[peer][peerPort] = .blocked
        }
        if port.neighbours.contains(where: { $0.address == address }) {
          self.loops.append(PortPair(address, address))
        } else {
          known[address] = self.ends.count
          self.ends.append(End(slot: slot, port: index, address: address))
        }
      }
    }
    var joined = Array(self.ends.indices)
    func root(_ end: Int) -> Int {
      var end = end
      while joined[end] != end { end = joined[end] }
      return end
    }
    var isBridged = Array(repeating: false, count: self.ends.count)
    for (index, end) in self.ends.enumerated() {
      for neighbour in switches[end.slot].ports[end.port].neighbours {
        guard let other = known[neighbour.address], other > index,
          let back = switches[self.ends[other].slot].ports[self.ends[other].port].neighbours.first(where: {
            $0.address == end.address
          })
        else { continue }
        self.pairs.append(PortPair(end.address, neighbour.address))
        if !neighbour.isDirect || !back.isDirect {
          isBridged[index] = true
          isBridged[other] = true
        }
        // The lesser index stays the root, so that it is the first of its segment.
        let (a, b) = (root(index), root(other))
        joined[max(a, b)] = min(a, b)
      }
    }
    self.pairs.sort()
    var numbers: [Int: Int] = [:]
    for index in self.ends.indices {
      let first = root(index)
      let number = numbers[first] ?? self.segments.count
      if number == self.segments.count {
        numbers[first] = number
        self.segments.append(Segment())
      }
      self.ends[index].segment = number
      self.segments[number].ends.append(index)
      if isBridged[index] { self.segments[number].isDirect = false }
    }
  }

  private mutating func growTrees(_ order: [Int], count: Int) {
    var endsOf: [[Int]] = Array(repeating: [], count: count)
    for (index, end) in self.ends.enumerated() { endsOf[end.slot].append(index) }
    var isSwitchReached = Array(repeating: false, count: count)
    var isSegmentReached = Array(repeating: false, count: self.segments.count)
    for root in order where !isSwitchReached[root] {
      isSwitchReached[root] = true
      var queue = [root]
      var next = 0
      while next < queue.count {
        for end in endsOf[queue[next]] where !isSegmentReached[self.ends[end].segment] {
          let segment = self.ends[end].segment
          isSegmentReached[segment] = true
          self.ends[end].isOnTree = true
          for other in self.segments[segment].ends where !isSwitchReached[self.ends[other].slot] {
            isSwitchReached[self.ends[other].slot] = true
            self.ends[other].isOnTree = true
            queue.append(self.ends[other].slot)
          }
        }
        next += 1
      }
    }
  }

  private mutating func assign(_ segment: Segment) {
    guard segment.ends.count > 1 else { return }
    let ends = segment.ends.map { self.ends[$0] }
    let onTree = ends.filter(\.isOnTree)
    if ends.count == 2, segment.isDirect {
      // A wire. Beside the tree it still is a way, unless it leads back to its own switch.
      let isWay = ends[0].slot != ends[1].slot
      for end in ends { self.roles[end.slot][end.port] = onTree.count == 2 ? .tree : isWay ? .transit : .blocked }
      if onTree.count < 2 { self.loops.append(PortPair(ends[0].address, ends[1].address)) }
      if isWay { self.connect(ends[0], ends[1]) }
      return
    }
    // A foreign network. Where it only hangs on the tree, it is entered by one port, and its hosts are behind that.
    for end in ends where end.isOnTree { self.roles[end.slot][end.port] = onTree.count > 1 ? .tree : .edge }
    for end in ends where !end.isOnTree {
      self.loops.append(PortPair(onTree.first?.address ?? end.address, end.address))
    }
    for (index, end) in onTree.enumerated() {
      for other in onTree[(index + 1)...] { self.connect(end, other) }
    }
  }

  private mutating func connect(_ a: End, _ b: End) {
    self.links[a.slot].append(Link(port: a.address.port, peer: b.slot, peerPort: b.address.port))
    self.links[b.slot].append(Link(port: b.address.port, peer: a.slot, peerPort: a.address.port))
  }
}
