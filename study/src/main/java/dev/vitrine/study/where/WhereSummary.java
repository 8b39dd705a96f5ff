package dev.vitrine.study.where;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.vitrine.lens.metric.EvidenceShare;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.where.WhereReport.Cluster;
import dev.vitrine.study.where.WhereReport.Group;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A {@link WhereReport} as JSON. */
@JsonInclude(Include.NON_ABSENT)
record WhereSummary(
        String model,
        String method,
        boolean partial,
        Optional<String> missing,
        int grid,
        List<Pictures> groups,
        Map<String, String> facts) {
    record Pictures(
            String title, int pictures, @JsonUnwrapped Evidence evidence, List<Alike> clusters) {
        Pictures(Group group) {
            this(
                    group.title(),
                    group.pictures(),
                    new Evidence(group.mean(), group.inside()),
                    group.clusters().stream().map(Alike::new).toList());
        }
    }

    record Alike(@JsonUnwrapped Evidence evidence, List<String> members) {
        Alike(Cluster cluster) {
            this(new Evidence(cluster.mean(), cluster.inside()), cluster.members());
        }
    }

    @JsonInclude(Include.NON_ABSENT)
    record Evidence(
            String place, double border, Optional<Double> evidenceInside, Optional<Double> areaInside, float[] mean) {
        Evidence(EvidenceMap map, Optional<EvidenceShare> inside) {
            this(
                    map.place(),
                    map.border(),
                    inside.map(EvidenceShare::evidence),
                    inside.map(EvidenceShare::area),
                    map.shares());
        }
    }

    static String json(WhereReport report) {
        return StudyJson.text(new WhereSummary(
                report.model(),
                report.method(),
                report.missing().isPresent(),
                report.missing(),
                EvidenceMap.SIDE,
                report.groups().stream().map(Pictures::new).toList(),
                report.facts()));
    }
}
