package dev.vitrine.study.where;

import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.metric.EvidenceShare;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.render.Images;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Report;
import dev.vitrine.study.page.PageFacts;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a network looks over many pictures, as an HTML page and a JSON file.
 *
 * @param method id
 * @param groups all pictures first, then the classes by size, largest first
 * @param views examples as the network's input, by index
 * @param missing the unfinished work, if stopped
 * @param facts provenance
 */
public record WhereReport(
        String model,
        String method,
        List<Group> groups,
        Map<Integer, BufferedImage> views,
        Optional<String> missing,
        Map<String, String> facts) {
    /**
     * Pictures explained for one class, or all of them.
     *
     * @param inside means over the pictures with boxes, if any
     * @param clusters largest first
     */
    public record Group(
            String title, int pictures, EvidenceMap mean, Optional<EvidenceShare> inside, List<Cluster> clusters) {
        public Group {
            clusters = List.copyOf(clusters);
        }

        Group withoutExamples() {
            return new Group(
                    title,
                    pictures,
                    mean,
                    inside,
                    clusters.stream()
                            .map(cluster -> new Cluster(cluster.mean(), cluster.inside(), cluster.members(), List.of()))
                            .toList());
        }
    }

    /**
     * Pictures with evidence at similar locations.
     *
     * @param members names, most typical first
     * @param examples the most typical pictures
     */
    public record Cluster(
            EvidenceMap mean, Optional<EvidenceShare> inside, List<String> members, List<Example> examples) {
        public Cluster {
            members = List.copyOf(members);
            examples = List.copyOf(examples);
        }

        /** Whether the boxes hold less evidence than their share of the area. */
        public boolean looksElsewhere() {
            return inside.filter(share -> share.evidence() < share.area()).isPresent();
        }
    }

    /**
     * @param index in the list of pictures
     * @param boxes in pixels of the view
     */
    public record Example(int index, String name, EvidenceMap map, List<Box> boxes) {
        public Example {
            boxes = List.copyOf(boxes);
        }
    }

    public WhereReport {
        groups = List.copyOf(groups);
        views = Map.copyOf(views);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /**
     * Creates the report of a search's result.
     *
     * @param maker the program and its version
     */
    public static Report<Looks> of(WhereSearch search, String maker) {
        return (outcome, folder) -> of(search, outcome, maker).write(folder);
    }

    private static WhereReport of(WhereSearch search, Outcome<Looks> outcome, String maker) {
        Model model = search.model();
        // No examples after a stop: reading pictures again would delay the exit.
        List<Group> groups = outcome.isPartial()
                ? outcome.result().groups().stream().map(Group::withoutExamples).toList()
                : outcome.result().groups();
        Map<Integer, BufferedImage> views = new HashMap<>();
        groups.stream()
                .flatMap(group -> group.clusters().stream())
                .flatMap(cluster -> cluster.examples().stream())
                .forEach(example -> views.computeIfAbsent(
                        example.index(),
                        index -> Images.of(
                                model.preprocessing().view(search.pictures().read(index)))));
        Optional<String> missing =
                outcome.missing().map(done -> "Stopped after " + done + ". The results cover only those.");
        return new WhereReport(
                model.name(), search.method().id(), groups, views, missing, facts(search, outcome.result(), maker));
    }

    private static Map<String, String> facts(WhereSearch search, Looks found, String maker) {
        Model model = search.model();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("method", search.method().id());
        facts.putAll(search.method().optionsOn(model));
        facts.put("class explained", search.classes().words(model));
        facts.put("pictures", Integer.toString(found.pictures()));
        if (search.classes() instanceof WhereSearch.Classes.OfFolder named) {
            List<String> notes = named.folders().notes(model);
            if (!notes.isEmpty()) {
                facts.put("folders and classes", String.join(" ", notes));
            }
        }
        facts.put(
                "clusters",
                "spectral, by mean silhouette; seed " + search.clusters().seed());
        facts.putAll(PageFacts.of(model, Map.of(), maker));
        return facts;
    }

    BufferedImage view(Example example) {
        return views.get(example.index());
    }

    /** Deterministic: the same report gives the same text. */
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
