// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import Northbound
import ServiceModel
import StaticEntries

/// The API's view of a controller: what must survive it goes through the store, all else to the control loop at once.
struct ControllerSurface: ControlSurface {
  let loop: ControlLoop
  let keeper: ConfigurationKeeper

  var events: EventLog { self.loop.events }

  func leadership() async -> LeadershipView { await self.loop.leadership() }

  func status() async -> StatusView {
    var view = await self.loop.status()
    view.storeProblem = await self.keeper.problem
    return view
  }

  func requestFailback(of service: ServiceName) async -> Bool { await self.loop.requestFailback(of: service) }

  func releaseHeld() async { await self.loop.releaseHeld() }

  func drain(_ region: RegionName, deadline: Duration?, isForced: Bool, isTrial: Bool) async -> DrainOutcome {
    let prospect = await self.loop.prospect(draining: region, isForced: isForced)
    guard case .begun = prospect, !isTrial else { return prospect }
    return await self.keeper.drain(region, deadline: deadline, isForced: isForced).map(DrainOutcome.notKept) ?? prospect
  }

  func undrain(_ region: RegionName, isTrial: Bool) async -> DrainOutcome {
    let prospect = await self.loop.prospect(undraining: region)
    guard case .begun = prospect, !isTrial else { return prospect }
    return await self.keeper.undrain(region).map(DrainOutcome.notKept) ?? prospect
  }

  func order(_ change: EntryChange, isLenient: Bool) async -> EntryOutcome {
    await self.loop.order(change, isLenient: isLenient)
  }

  func entries(on datapath: DatapathID?) async -> [EntryView] { await self.loop.entries(on: datapath) }

  func switchNames() async -> [String: DatapathID] { await self.loop.switchNames() }

  func configuration() async -> ConfigurationView { await self.keeper.view }

  func configure(_ proposal: ConfigurationProposal) async -> ConfigurationOutcome {
    await self.keeper.configure(proposal)
  }

  func assignment(for region: RegionName, nonce: String) async -> [UInt8]? {
    await self.loop.assignment(for: region, nonce: nonce)
  }
}
