// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ControlPlane
import ServiceModel

extension EventListResource {
  init(_ page: EventPage) {
    self.init(
      run: page.next.run.map { "\($0)" } ?? "", events: page.records.map { EventResource($0) },
      next: page.next.description, gap: page.gap.map { GapResource($0) })
  }
}

extension EventResource {
  init(_ record: EventRecord) {
    var attributes: [String: String] = [:]
    for (key, value) in record.decision.attributes where !value.isEmpty { attributes[key] = value }
    self.init(
      id: record.id, time: rfc3339(microseconds: record.time), kind: record.decision.kind,
      severity: record.decision.severity.rawValue, message: record.decision.message, attributes: attributes)
  }
}

extension GapResource {
  init(_ gap: EventPage.Gap) {
    switch gap {
    case .forgotten(let count): self.init(reason: .forgotten, missed: count)
    case .restarted: self.init(reason: .restarted, missed: nil)
    }
  }
}
