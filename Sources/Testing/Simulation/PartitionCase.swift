// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Which links are cut, all at once, in a site with one switch and one service that prefers its regions in their order.
///
/// Of three controllers the first leads when the links are cut; the two others are as one: what is cut of one of them is
/// cut of both.
package struct PartitionCase: Sendable, Hashable, CustomStringConvertible {
  /// A link, or several that are cut together.
  package enum Link: Sendable, Hashable, CustomStringConvertible {
    /// From the switch to a region's gateway; the port stays up.
    case path(Int)
    /// Between the leader and the switch.
    case leaderToSwitch
    /// Between the leader and a region's agent.
    case leaderToAgent(Int)
    /// Between the leader and the store.
    case leaderToStore
    case followersToSwitch
    case followersToAgent(Int)
    case followersToStore
    /// Between two regions' agents.
    case agents(Int, Int)

    package var description: String {
      switch self {
      case .path(let region): "switch-\(Site.region(region))"
      case .leaderToSwitch: "leader-switch"
      case .leaderToAgent(let region): "leader-\(Site.region(region))"
      case .leaderToStore: "leader-etcd"
      case .followersToSwitch: "followers-switch"
      case .followersToAgent(let region): "followers-\(Site.region(region))"
      case .followersToStore: "followers-etcd"
      case .agents(let a, let b): "\(Site.region(a))-\(Site.region(b))"
      }
    }
  }

  package var regions: Int
  package var controllers: Int
  package var probe: Detection.ProbeMethod
  /// In the order of `links`.
  package var cuts: [Link]

  package init(regions: Int, controllers: Int, probe: Detection.ProbeMethod, cuts: [Link]) {
    self.regions = regions
    self.controllers = controllers
    self.probe = probe
    self.cuts = cuts
  }

  /// All that can be cut.
  package static func links(regions: Int, controllers: Int) -> [Link] {
    let all = 0..<regions
    var links: [Link] = all.map { .path($0) } + [.leaderToSwitch] + all.map { .leaderToAgent($0) }
    if controllers > 1 {
      links += [.leaderToStore, .followersToSwitch] + all.map { .followersToAgent($0) } + [.followersToStore]
    }
    for region in all { links += (region + 1..<regions).map { .agents(region, $0) } }
    return links
  }

  /// One of 2^links, by its number.
  package init(_ number: Int, regions: Int, controllers: Int, probe: Detection.ProbeMethod) {
    let links = Self.links(regions: regions, controllers: controllers)
    self.init(
      regions: regions, controllers: controllers, probe: probe,
      cuts: links.enumerated().filter { number >> $0.offset & 1 == 1 }.map(\.element))
  }

  package static func count(regions: Int, controllers: Int) -> Int {
    1 << self.links(regions: regions, controllers: controllers).count
  }

  package func isCut(_ link: Link) -> Bool { self.cuts.contains(link) }

  package var description: String {
    let cut = self.cuts.isEmpty ? "nothing" : self.cuts.map(\.description).joined(separator: ", ")
    return "\(self.regions) regions, \(self.controllers) controllers, probe \(self.probe): cut \(cut)"
  }
}
