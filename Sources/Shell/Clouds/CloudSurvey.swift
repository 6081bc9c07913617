// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import CloudModel
package import ServiceFiles
import ServiceModel

/// What the clouds of a configuration's regions say, region by region.
package struct CloudSurvey: Sendable {
  package struct Region: Sendable {
    package var name: String
    package var provider: any CloudProvider
    package var references: [CloudReference]
    package var facts: Result<CloudFacts, CloudError>
  }

  /// In the order of their names.
  package var regions: [Region]

  /// Asks all clouds at the same time.
  package static func make(
    of template: CloudTemplate, _ providers: [String: any CloudProvider]
  ) async -> CloudSurvey {
    let regions = await withTaskGroup(of: Region.self) { group in
      for (name, places) in Dictionary(grouping: template.places, by: \.region) {
        let provider = providers[name] ?? StaticProvider(name: name)
        let references = places.map(\.reference)
        group.addTask {
          do throws(CloudError) {
            return Region(
              name: name, provider: provider, references: references,
              facts: .success(try await provider.facts(about: references)))
          } catch {
            return Region(name: name, provider: provider, references: references, facts: .failure(error))
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    return CloudSurvey(regions: regions.sorted { $0.name < $1.name })
  }

  package func region(_ name: String) -> Region? { self.regions.first { $0.name == name } }

  /// The ports that a place names.
  ///
  /// - Throws: with the cloud, and where the place is in the file.
  package func ports(of place: CloudTemplate.Place, in file: String) throws(CloudError) -> [CloudPort] {
    guard let region = self.region(place.region) else { return [] }
    let facts = try region.facts.get()
    do throws(CloudReferenceProblem) {
      return try facts.resolve(place.reference, isOne: place.kind.isOne)
    } catch {
      throw CloudError(
        .configuration, cloud: region.provider.name, "\(error)",
        hint: "it is named at \(file):\(place.location.line):\(place.location.column)")
    }
  }

  /// What stands in a place.
  package func answers(
    to place: CloudTemplate.Place, in file: String
  ) throws(CloudError) -> [CloudTemplate.Answer] {
    guard let region = self.region(place.region) else { return [] }
    let facts = try region.facts.get()
    var answers: [CloudTemplate.Answer] = []
    for port in try self.ports(of: place, in: file) {
      guard let address = port.address(of: .v4) ?? port.address(of: .v6) else {
        throw CloudError(
          .configuration, cloud: region.provider.name, "\(CloudReferenceProblem.noAddress(place.reference))",
          hint: "give \(port.title) a fixed IP")
      }
      if place.kind.isOne, facts.networks[port.networkID]?.isExternal != true, let outer = facts.floatingIP(at: port.id)
      {
        // The switch sees the floating IP, and the MAC address of the router that has it.
        answers.append(CloudTemplate.Answer(address: "\(outer.address)"))
      } else {
        answers.append(CloudTemplate.Answer(address: "\(address)", mac: "\(port.mac)"))
      }
    }
    return answers
  }

  /// Which ports stand behind the places of a configuration that was checked.
  package func bindings(of template: CloudTemplate) throws(CloudError) -> [CloudBinding] {
    var bindings: [CloudBinding] = []
    for place in template.places {
      guard let region = RegionName(place.region) else { continue }
      let ids = try self.ports(of: place, in: template.file).map(\.id)
      switch place.kind {
      case .gateway(let name):
        if let name = SwitchName(name) {
          bindings.append(CloudBinding(region: region, place: .gateway(name), portIDs: ids))
        }
      case .members(let name):
        if let name = ServiceName(name) {
          bindings.append(CloudBinding(region: region, place: .members(name), portIDs: ids))
        }
      }
    }
    return bindings
  }
}

extension CloudTemplate.Place.Kind {
  var isOne: Bool { if case .gateway = self { true } else { false } }
}
