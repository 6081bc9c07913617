// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ServiceModel
import Simulation
import Testing

/// The partition table says what happens.
@Suite struct PartitionTests {
  @Test(arguments: PartitionSurvey.all.indices)
  func `worlds in which links are cut end as the table says`(index: Int) {
    let wrong = PartitionSurvey.all[index].cases(atMost: 128).compactMap(PartitionSurvey.contradiction)
    #expect(wrong == [])
  }

  @Test func `nothing moves when only regions are cut off from one another`() {
    for regions in 2...3 {
      let links = PartitionCase.links(regions: regions, controllers: 1).filter {
        if case .agents = $0 { true } else { false }
      }
      let partition = PartitionCase(regions: regions, controllers: 1, probe: .icmp, cuts: links)
      #expect(partition.run() == .stays)
    }
  }

  @Test func `two switches that see different things are judged each by its own`() {
    let first = PartitionCase.TwoSwitches.path(switch: 0)
    let second = PartitionCase.TwoSwitches.path(switch: 1)
    #expect(PartitionCase.regionsOfTwoSwitches(cutting: []) == [0, 0])
    #expect(PartitionCase.regionsOfTwoSwitches(cutting: [first]) == [1, 0])
    #expect(PartitionCase.regionsOfTwoSwitches(cutting: [first, second]) == [1, 1])
    #expect(PartitionCase.regionsOfTwoSwitches(cutting: [first, second, .controller(switch: 0)]) == [0, 1])
  }

  @Test func `every rule of the table is met`() {
    let met = Set(PartitionSurvey.all.flatMap { $0.cases(atMost: 4_096) }.map(\.rule.when))
    #expect(met == Set(PartitionCase.rules.map(\.when)))
  }

  @Test func `the documented table is this one`() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/explanation/partitions.md")
    #expect(try String(contentsOf: page, encoding: .utf8).contains(PartitionSurvey.table))
  }
}
