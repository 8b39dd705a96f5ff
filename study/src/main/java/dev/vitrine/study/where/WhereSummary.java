package dev.vitrine.study.where;

import dev.vitrine.lens.metric.EvidenceShare;
import dev.vitrine.study.where.WhereReport.Cluster;
import dev.vitrine.study.where.WhereReport.Group;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A {@link WhereReport} for programs. */
final class WhereSummary {
    private static final JsonMapper MAPPER = new JsonMapper();

    private WhereSummary() {}

    static String json(WhereReport report) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("model", report.model());
        root.put("method", report.method());
        root.put("partial", report.missing().isPresent());
        report.missing().ifPresent(missing -> root.put("missing", missing));
        root.put("grid", EvidenceMap.SIDE);
        ArrayNode groups = root.putArray("groups");
        report.groups().forEach(group -> group(groups.addObject(), group));
        ObjectNode facts = root.putObject("facts");
        report.facts().forEach(facts::put);
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root).replace("\r\n", "\n") + "\n";
    }

    private static void group(ObjectNode node, Group group) {
        node.put("title", group.title());
        node.put("pictures", group.pictures());
        map(node, group.mean(), group.inside());
        ArrayNode clusters = node.putArray("clusters");
        group.clusters().forEach(cluster -> cluster(clusters.addObject(), cluster));
    }

    private static void cluster(ObjectNode node, Cluster cluster) {
        map(node, cluster.mean(), cluster.inside());
        ArrayNode members = node.putArray("members");
        cluster.members().forEach(members::add);
    }

    private static void map(ObjectNode node, EvidenceMap map, Optional<EvidenceShare> inside) {
        node.put("place", map.place());
        node.put("border", map.border());
        inside.ifPresent(share -> node.put("evidenceInside", share.evidence()).put("areaInside", share.area()));
        ArrayNode shares = node.putArray("mean");
        for (float share : map.shares()) {
            shares.add(share);
        }
    }
}
