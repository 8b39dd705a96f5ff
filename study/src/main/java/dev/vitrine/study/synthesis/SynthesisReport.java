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
 * Pictures that were made for a network, on one page.
 *
 * @param answers the question that the pictures answer
 * @param facts of model and program
 */
public record SynthesisReport(String title, String answers, Map<String, String> facts, List<Item> items) {
    /**
     * One picture.
     *
     * @param facts numbers in words
     * @param course of the objective, one a step; empty where nothing was optimized
     * @param animation how it grew, as a GIF file
     * @param files names within the folder of the page
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

    /** The page and, beside it, the same as JSON. */
    public void write(Path page, Path summary) {
        OutputFile.write(page, SynthesisPage.html(this));
        OutputFile.write(summary, SynthesisSummary.json(this));
    }
}
