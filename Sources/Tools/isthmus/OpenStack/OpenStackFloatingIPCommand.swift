// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ArgumentParser
import CloudModel
import Clouds
import Outbound

/// `isthmus openstack floating-ip`
struct OpenStackFloatingIPCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "floating-ip", abstract: "Move a floating IP to a gateway, and bring it home.",
    subcommands: [Move.self, Return.self])

  struct Options: ParsableArguments {
    @Argument(help: "The floating IP, by its address or id.")
    var floatingIP: String
    @Option(help: "The cloud, as clouds.yaml calls it.")
    var osCloud: String?
    @Option(help: "Its region, in place of the one that is written there.")
    var osRegionName: String?

    func run(_ body: (OpenStackProvider) async throws -> Void) async throws {
      do {
        let access = try CloudsFile.access(to: self.osCloud, region: self.osRegionName, environment: environment())
        try await HTTPOutbound.withClient { try await body(OpenStackProvider(access, $0)) }
      } catch let error as CloudError {
        note("\(error)")
        throw ExitCode(
          (error.kind == .unreachable ? CommandFailure.Status.unreachable : CommandFailure.Status.failed).rawValue)
      } catch let error as CloudReferenceProblem {
        note("error[not-found]: \(error)\n  see 'openstack floating ip list' and 'openstack port list'")
        throw ExitCode(CommandFailure.Status.failed.rawValue)
      }
    }

    func found(_ facts: CloudFacts) throws -> FloatingIP {
      guard let floatingIP = facts.floatingIPs.first(where: { [$0.id, "\($0.address)"].contains(self.floatingIP) })
      else { throw CloudReferenceProblem.nothing(CloudReference(.floatingIP, self.floatingIP)) }
      return floatingIP
    }
  }

  struct Move: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Move it to a port.",
      discussion: """
        Where it came from is written on it first, as a tag, so that 'return' finds the way back. May be interrupted and run \
        again at any time.
        """)

    @OptionGroup var options: Options
    @Option(help: "The gateway's port, by its name or id.")
    var to: String

    func run() async throws {
      try await self.options.run { provider in
        let target = CloudReference(.cloudPort, self.to)
        let references = [CloudReference(.floatingIP, self.options.floatingIP), target]
        let steps = try await CloudChange.perform(by: provider, about: references, onStep: { print("\($0)") }) {
          facts in
          let ports = try facts.resolve(target, isOne: true)
          guard let address = ports[0].address(of: .v4) else { throw CloudReferenceProblem.noAddress(target) }
          return FloatingIPMove.step(moving: try self.options.found(facts), to: ports[0].id, at: address)
        }
        print(steps == 0 ? "it is there" : "moved")
      }
    }
  }

  struct Return: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "return", abstract: "Bring it back to the port that it was moved from.")

    @OptionGroup var options: Options

    func run() async throws {
      try await self.options.run { provider in
        let own = CloudReference(.floatingIP, self.options.floatingIP)
        let floatingIP = try self.options.found(try await provider.facts(about: [own]))
        guard let home = FloatingIPMove.home(of: floatingIP) else { return print("it was not moved") }
        let target = CloudReference(.cloudPort, home)
        try await CloudChange.perform(by: provider, about: [own, target], onStep: { print("\($0)") }) { facts in
          let ports = try facts.resolve(target, isOne: true)
          guard let address = ports[0].address(of: .v4) else { throw CloudReferenceProblem.noAddress(target) }
          return FloatingIPMove.step(returning: try self.options.found(facts), at: address)
        }
        print("returned")
      }
    }
  }
}
