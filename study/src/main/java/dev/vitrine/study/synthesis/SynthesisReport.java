package dev.vitrine.study.synthesis;

import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.OutputFile;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Synthesized pictures on one page.
 *
 * @param answers the question that the pictures answer
 * @param facts about the model and program
 */
public record SynthesisReport(String title, String answers, Map<String, String> facts, List<Item> items) {
    /**
     * One picture.
     *
     * @param facts measurements as text
     * @param course objective value at each step; empty if nothing was optimized
     * @param animation the optimization as a GIF file
     * @param files names relative to the page
     */
    public record Item(
            String title,
            BufferedImage picture,
            Provenance provenance,
            Map<String, String> facts,
            List<Double> course,
            Optional<byte[]> animation,
            List<String> files) {
        public Item {
            facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
            course = List.copyOf(course);
            files = List.copyOf(files);
        }
    }

    public SynthesisReport {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        items = List.copyOf(items);
    }

    /** Writes the page and its JSON summary. */
    public void write(Path page, Path summary) {
        OutputFile.write(page, SynthesisPage.html(this));
        OutputFile.write(summary, SynthesisSummary.json(this));
    }
}
