package dev.vitrine.study.synthesis;

import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.synthesis.SynthesisReport.Item;
import java.util.List;
import java.util.Map;

/** A {@link SynthesisReport} as JSON; {@code format} is 1. */
record SynthesisSummary(int format, String title, Map<String, String> facts, List<Picture> pictures) {
    private static final int FORMAT = 1;

    record Picture(
            String title,
            int width,
            int height,
            String method,
            String model,
            String image,
            String target,
            Map<String, String> options,
            Map<String, String> facts,
            List<Double> course,
            List<String> files) {}

    static String json(SynthesisReport report) {
        return StudyJson.text(new SynthesisSummary(
                FORMAT,
                report.title(),
                report.facts(),
                report.items().stream().map(SynthesisSummary::picture).toList()));
    }

    private static Picture picture(Item item) {
        Provenance provenance = item.provenance();
        return new Picture(
                item.title(),
                item.picture().getWidth(),
                item.picture().getHeight(),
                provenance.method(),
                provenance.model(),
                provenance.image(),
                provenance.target(),
                provenance.options(),
                item.facts(),
                item.course(),
                item.files());
    }
}
