// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Where services went. Mostly in the order of the intent, so that nothing has to be looked up.
package struct PastSteering {
  private let services: [ServiceSteering]
  /// Nil: in the order of the intent.
  private var places: [ServiceName: Int]?

  package init(_ plan: SteeringPlan, _ intent: Intent) {
    self.services = plan.services
    let isAligned =
      plan.services.count == intent.services.count
      && plan.services.indices.allSatisfy { plan.services[$0].service == intent.services[$0].name }
    guard !isAligned else { return }
    var places: [ServiceName: Int] = [:]
    for (index, steering) in plan.services.enumerated() { places[steering.service] = index }
    self.places = places
  }

  package var isAligned: Bool { self.places == nil }

  /// - Parameter index: the service's place in the intent.
  package func steering(of service: ServiceName, at index: Int) -> ServiceSteering? {
    guard let places = self.places else { return self.services[index] }
    return places[service].map { self.services[$0] }
  }
}
