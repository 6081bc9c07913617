// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Where a cloud's services are.
struct Catalogue: Sendable {
  struct Service: Decodable, Sendable {
    struct Endpoint: Decodable, Sendable {
      var interface: String
      var region: String?
      var region_id: String?
      var url: String
    }

    var type: String
    var endpoints: [Endpoint]
  }

  private let services: [Service]

  init(_ services: [Service]) { self.services = services }

  enum Absence: Equatable {
    /// No service has the type; those that are there.
    case service(types: [String])
    /// The service is not in that region; those where it is.
    case region([String])
    case interface([String])
  }

  /// The address of a service, without a slash at its end.
  ///
  /// - Parameters:
  ///   - types: its official type, then others by which it is known.
  ///   - region: nil: the only one.
  func endpoint(_ types: [String], region: String?, interface: String) -> Result<String, AbsenceError> {
    guard let service = self.services.first(where: { types.contains($0.type) && !$0.endpoints.isEmpty }) else {
      return .failure(AbsenceError(.service(types: self.services.map(\.type).sorted())))
    }
    let regions = Set(service.endpoints.compactMap { $0.region_id ?? $0.region }).sorted()
    let chosen = service.endpoints.filter {
      ($0.region_id ?? $0.region) == region || region == nil && regions.count == 1
    }
    guard !chosen.isEmpty else { return .failure(AbsenceError(.region(regions))) }
    guard let endpoint = chosen.first(where: { $0.interface == interface }) else {
      return .failure(AbsenceError(.interface(Set(chosen.map(\.interface)).sorted())))
    }
    return .success(endpoint.url.hasSuffix("/") ? String(endpoint.url.dropLast()) : endpoint.url)
  }

  struct AbsenceError: Error, Equatable {
    var absence: Absence
    init(_ absence: Absence) { self.absence = absence }
  }
}
