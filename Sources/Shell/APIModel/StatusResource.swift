// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// `GET /v1/status`: everything at one moment, in short.
package struct StatusResource: Codable, Sendable, Equatable {
  /// The worst of the services; `degraded` at least while there is an alarm.
  package var overall: Health
  /// Of the controller.
  package var version: String
  package var counts: Counts
  /// Why `overall` is not `healthy`, worst first; empty exactly if it is.
  package var alarms: [Alarm]
  package var services: [Line]
  package var regions: [Line]
  package var switches: [Line]

  package init(
    overall: Health, version: String, counts: Counts, alarms: [Alarm], services: [Line], regions: [Line],
    switches: [Line]
  ) {
    self.overall = overall
    self.version = version
    self.counts = counts
    self.alarms = alarms
    self.services = services
    self.regions = regions
    self.switches = switches
  }

  package struct Counts: Codable, Sendable, Equatable {
    package var services: Count
    package var regions: Count
    package var switches: Count

    package init(services: Count, regions: Count, switches: Count) {
      self.services = services
      self.regions = regions
      self.switches = switches
    }
  }

  package struct Count: Codable, Sendable, Equatable {
    package var total: Int
    package var healthy: Int
    package var degraded: Int
    package var unavailable: Int

    package init(_ healths: [Health]) {
      self.total = healths.count
      self.healthy = healths.count { $0 == .healthy }
      self.degraded = healths.count { $0 == .degraded }
      self.unavailable = healths.count { $0 == .unavailable }
    }
  }

  /// One resource in one line; the whole of it is at `href`.
  package struct Line: Codable, Sendable, Equatable {
    package var name: String
    package var health: Health
    /// For people: who serves it, or what state it is in.
    package var summary: String
    package var href: String

    package init(name: String, health: Health, summary: String, href: String) {
      self.name = name
      self.health = health
      self.summary = summary
      self.href = href
    }
  }
}

/// Something that is wrong now.
package struct Alarm: Codable, Sendable, Equatable {
  package enum Severity: String, Codable, Sendable, CaseIterable {
    /// Clients are not served.
    case alarm
    /// Clients are served; the next failure may change that.
    case warning
  }

  package var severity: Severity
  /// For machines; never changes its meaning.
  package var kind: String
  package var message: String
  /// The resource that it is about.
  package var href: String

  package init(severity: Severity, kind: String, message: String, href: String) {
    self.severity = severity
    self.kind = kind
    self.message = message
    self.href = href
  }
}
