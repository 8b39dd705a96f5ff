package dev.vitrine.study.where;

import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.metric.EvidenceShare;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a network looks over many pictures, as one page for people and one file for programs.
 *
 * @param method id
 * @param groups all pictures first, then the classes, the largest first
 * @param missing what is not done, where the work was stopped
 * @param facts how it was made
 */
public record WhereReport(
        String model, String method, List<Group> groups, Optional<String> missing, Map<String, String> facts) {
    /**
     * Pictures explained for one class, or all of them.
     *
     * @param inside means over those with boxes, where any has
     * @param clusters the largest first
     */
    public record Group(
            String title, int pictures, EvidenceMap mean, Optional<EvidenceShare> inside, List<Cluster> clusters) {
        public Group {
            clusters = List.copyOf(clusters);
        }
    }

    /**
     * Pictures with evidence at like places.
     *
     * @param members names, the most typical first
     * @param examples the most typical ones, drawn
     */
    public record Cluster(
            EvidenceMap mean, Optional<EvidenceShare> inside, List<String> members, List<Example> examples) {
        public Cluster {
            members = List.copyOf(members);
            examples = List.copyOf(examples);
        }

        /** Whether the boxes hold less evidence than an even map would have there. */
        public boolean looksElsewhere() {
            return inside.filter(share -> share.evidence() < share.area()).isPresent();
        }
    }

    /**
     * @param view as the network sees it
     * @param boxes in pixels of the view
     */
    public record Example(String name, BufferedImage view, EvidenceMap map, List<Box> boxes) {
        public Example {
            boxes = List.copyOf(boxes);
        }
    }

    public WhereReport {
        groups = List.copyOf(groups);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /** The same report gives the same text. */
    public String html() {
        return new WherePage(this).html();
    }

    public String json() {
        return WhereSummary.json(this);
    }

    /** Writes {@code where.html} and {@code where.json}. */
    public List<Path> write(Path folder) {
        Path page = folder.resolve("where.html");
        Path summary = folder.resolve("where.json");
        OutputFile.write(page, html());
        OutputFile.write(summary, json());
        return List.of(page, summary);
    }
}
