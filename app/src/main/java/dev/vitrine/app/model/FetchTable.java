package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Table;
import dev.vitrine.lens.model.zoo.Zoo;
import dev.vitrine.lens.model.zoo.ZooCache;
import dev.vitrine.lens.model.zoo.ZooNetwork;
import java.util.Optional;

/** The networks that can be fetched, and which are downloaded. */
final class FetchTable {
    private FetchTable() {}

    static Table of(ZooCache cache) {
        Optional<ZooNetwork> usual = cache.usual();
        Table table = new Table("name", "size", "input", "description", "");
        for (ZooNetwork network : Zoo.NETWORKS) {
            table.row(
                    network.name() + (usual.filter(network::equals).isPresent() ? " *" : ""),
                    Fetching.size(network),
                    network.input()
                            .replaceAll("[\\[\\]]", "")
                            .replaceAll(", *", "×")
                            .replaceAll("^(batch_size|N)", "N"),
                    network.title(),
                    state(cache, network));
        }
        return table;
    }

    private static String state(ZooCache cache, ZooNetwork network) {
        if (cache.holds(network)) {
            return "there";
        }
        long begun = cache.begun(network);
        return begun == 0 ? "" : 100 * begun / network.bytes() + " % downloaded";
    }
}
