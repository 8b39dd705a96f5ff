package dev.vitrine.study.growth;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.vitrine.study.StudyJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The JSON form of a {@link GrowthReport}. */
@JsonInclude(Include.NON_ABSENT)
record GrowthSummary(
        String model,
        String data,
        boolean partial,
        Optional<String> missing,
        List<Checkpoint> checkpoints,
        List<String> unreadable,
        Map<String, String> facts) {
    record Checkpoint(String name, List<Snapshot.Distance> weights, List<Layer> layers, List<Unit> units) {}

    @JsonInclude(Include.NON_ABSENT)
    record Layer(String layer, int channels, double likeness, Optional<Integer> dead) {
        Layer(Snapshot.LayerState state) {
            this(state.layer(), state.channels(), state.likeness(), state.dead());
        }
    }

    record Unit(String unit, String picture, float value, boolean jump) {}

    static String json(GrowthReport report) {
        return StudyJson.text(new GrowthSummary(
                report.model(),
                report.data(),
                report.missing().isPresent(),
                report.missing(),
                IntStream.range(0, report.snapshots().size())
                        .mapToObj(index -> checkpoint(report, index))
                        .toList(),
                report.unreadable(),
                report.facts()));
    }

    private static Checkpoint checkpoint(GrowthReport report, int index) {
        Snapshot snapshot = report.snapshots().get(index);
        return new Checkpoint(
                snapshot.name(),
                snapshot.weights(),
                snapshot.layers().stream().map(Layer::new).toList(),
                IntStream.range(0, snapshot.units().size())
                        .mapToObj(unit -> unit(report, index, unit))
                        .toList());
    }

    private static Unit unit(GrowthReport report, int index, int unit) {
        Snapshot.UnitState state = report.snapshots().get(index).units().get(unit);
        return new Unit(state.unit(), state.name(), state.value(), report.jumps(index, unit));
    }
}
