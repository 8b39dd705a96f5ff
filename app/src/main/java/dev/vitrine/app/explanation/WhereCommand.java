package dev.vitrine.app.explanation;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.folder.Pictures;
import dev.vitrine.app.method.MethodOptions;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.objective.TargetWords;
import dev.vitrine.app.terminal.Bound;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.data.BoxTable;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.metric.EvidenceShare;
import dev.vitrine.lens.metric.PixelHeat;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.study.picture.ClassFolders;
import dev.vitrine.study.where.EvidenceMap;
import dev.vitrine.study.where.MapClusters;
import dev.vitrine.study.where.WhereReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine where}: many pictures in, where the network looks over all of them out. */
@Command(
        name = "where",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Shows where a network looks over a whole folder of pictures.",
        description = {
            "%nExplains every picture by one method, puts the maps together class by class, and finds clusters of maps: if"
                    + " some pictures of a class are told by a corner, a border or the background, they come out as a"
                    + " cluster of their own. With boxes it says how much of the evidence lies inside them. Writes one"
                    + " page (where.html) and the numbers for programs (where.json).%n",
            "  vitrine where photos/",
            "  vitrine where photos.zip --model net.onnx --target folder --boxes boxes.csv%n"
        })
public final class WhereCommand implements Callable<Integer> {
    private static final String FOLDER = "folder";
    private static final int EXAMPLES = 6;

    /** Of a larger group so many are taken apart, evenly taken. */
    private static final int MOST_CLUSTERED = 1500;

    @Parameters(paramLabel = "IMAGE", arity = "1..*", description = "Folders or zip archives of pictures, or pictures.")
    private List<Path> images;

    @Option(
            names = "--method",
            paramLabel = "ID",
            defaultValue = "grad-cam",
            description = "See 'vitrine methods'. Default: ${DEFAULT-VALUE}.")
    private String method;

    @Option(
            names = {"-t", "--target"},
            paramLabel = "CLASS|folder",
            description = "Class to explain, for all pictures; or 'folder' for the class that the picture's folder is"
                    + " named after. Default: the likeliest of each.")
    private List<String> targets = new ArrayList<>();

    @Option(
            names = "--boxes",
            paramLabel = "FILE.csv",
            description = "Where the objects are: file,xmin,ymin,xmax,ymax in pixels of the pictures, a line a box.")
    private Optional<Path> boxes;

    @Option(
            names = "--clusters",
            paramLabel = "N",
            description = "Clusters of each class. Default: as many as stand apart.")
    private Optional<Integer> clusters;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "where",
            description = "Where to write. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private MethodOptions hyperparameters;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public WhereCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    /**
     * A picture with its evidence.
     *
     * @param index in the source
     * @param boxes in pixels of the view
     */
    private record Seen(int index, int target, EvidenceMap map, List<Box> boxes, Optional<EvidenceShare> inside) {}

    @Override
    public Integer call() {
        clusters.ifPresent(count -> Bound.atLeastOne("--clusters", count));
        Attributions.Entry entry = Attributions.find(method);
        Optional<BoxTable> table = boxes.map(BoxTable::read);
        try (Pictures pictures = new Pictures(images, terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            return new Work(pictures, open, entry, table).run();
        }
    }

    private final class Work {
        private final Pictures pictures;
        private final OpenModel open;
        private final Model model;
        private final Optional<BoxTable> table;
        private final Attribution attribution;
        private final Explainer explainer;
        private final Optional<Targets> classes;
        private final Optional<ClassFolders> folders;
        private final List<Integer> asked;
        private final List<Seen> seen = new ArrayList<>();
        private int unreadable;

        Work(Pictures pictures, OpenModel open, Attributions.Entry entry, Optional<BoxTable> table) {
            this.pictures = pictures;
            this.open = open;
            this.model = open.model();
            this.table = table;
            this.attribution = entry.with(hyperparameters.on(model));
            hyperparameters.noteUnused(List.of(attribution), model, terminal);
            this.explainer = open.session().explainer(attribution, ClassScore.of(ClassScore.Scale.LOGIT));
            boolean byFolder = targets.size() == 1 && targets.get(0).strip().equals(FOLDER);
            this.folders = byFolder ? Optional.of(folders()) : Optional.empty();
            this.asked = IntStream.range(0, pictures.size())
                    .filter(index -> folders.isEmpty() || folders.get().known().containsKey(folder(index)))
                    .boxed()
                    .toList();
            folders.ifPresent(
                    found -> found.notes(model).forEach(note -> terminal.err().println("note: " + note)));
            this.classes = byFolder ? Optional.empty() : Optional.of(TargetWords.parse(targets, model));
            classes.filter(Targets::areSeveral).ifPresent(found -> {
                throw VitrineException.usage("--target: found several classes; expected one, 'folder', or none"
                        + " for the likeliest of each picture.");
            });
        }

        int run() {
            ProgressLine progress = new ProgressLine(terminal, asked.size());
            try {
                for (int index : asked) {
                    stop.check();
                    progress.begin(pictures.name(index), 1);
                    look(index);
                }
            } catch (CancellationException | VitrineException problem) {
                progress.end();
                if (stop.status() == 0) {
                    throw problem;
                }
                stop.noticed();
                if (!seen.isEmpty()) {
                    // No examples: reading pictures again takes longer than somebody who stops will wait.
                    report(
                                    0,
                                    Optional.of("The work was stopped after " + seen.size() + " of " + asked.size()
                                            + " pictures. What follows holds for those."))
                            .write(out);
                }
                terminal.err().println("Stopped. What was done is in " + out + ", marked as partial.");
                throw new CancellationException("stopped");
            } finally {
                progress.end();
            }
            if (seen.isEmpty()) {
                throw VitrineException.failure(
                        "None of the " + asked.size() + " pictures could be read; expected at" + " least one.");
            }
            if (table.isPresent() && seen.stream().allMatch(one -> one.boxes().isEmpty())) {
                throw VitrineException.usage("--boxes: none of the " + seen.size()
                        + " pictures has a box within what the" + " network sees; expected names such as '"
                        + pictures.name(seen.get(0).index()) + "'.");
            }
            WhereReport report = report(EXAMPLES, Optional.empty());
            report.write(out).forEach(path -> terminal.out().println(path));
            for (WhereReport.Group group : report.groups()) {
                if (group.clusters().size() > 1) {
                    terminal.out()
                            .println("  " + group.title() + ": "
                                    + group.clusters().size() + " clusters");
                }
            }
            return unreadable == 0 ? 0 : 1;
        }

        private void look(int index) {
            Picture picture;
            int target;
            Tensor found;
            try {
                picture = pictures.read(index);
                Tensor input = model.preprocessing().apply(picture);
                target = target(index, input);
                found = explainer
                        .explain(input, ModelSession.targets(target), Progress.NONE)
                        .attribution();
            } catch (VitrineException e) {
                if (asked.size() == 1 || e.kind() == VitrineException.Kind.USAGE) {
                    throw e;
                }
                unreadable++;
                String name = pictures.name(index);
                terminal.err()
                        .println("vitrine: " + (e.getMessage().contains(name) ? "" : name + ": ") + e.getMessage());
                return;
            }
            Tensor heat = PixelHeat.of(attribution, found, model);
            List<Box> inView = table.map(given -> given.of(pictures.name(index))).orElse(List.of()).stream()
                    .flatMap(box -> model.preprocessing().view(box, picture).stream())
                    .toList();
            Optional<EvidenceShare> inside =
                    inView.isEmpty() ? Optional.empty() : Optional.of(EvidenceShare.of(heat, inView));
            seen.add(new Seen(index, target, EvidenceMap.of(heat), inView, inside));
        }

        private int target(int index, Tensor input) {
            if (classes.isPresent()) {
                return classes.get().likeliest() == 0
                        ? classes.get().named().get(0)
                        : classes.get()
                                .of(open.session().logits(input), open.model())
                                .get(0);
            }
            return folders.orElseThrow().known().get(folder(index));
        }

        private ClassFolders folders() {
            Set<String> names = new TreeSet<>();
            for (int index = 0; index < pictures.size(); index++) {
                names.add(folder(index));
            }
            return ClassFolders.of("--target folder: " + images.get(0), names, model);
        }

        private String folder(int index) {
            String[] steps = pictures.name(index).split("/");
            if (steps.length < 2) {
                throw VitrineException.usage("--target folder: '" + pictures.name(index)
                        + "' lies in no folder of its class; expected CLASS/NAME within what is given.");
            }
            return steps[steps.length - 2];
        }

        private WhereReport report(int examples, Optional<String> missing) {
            List<WhereReport.Group> groups = new ArrayList<>();
            Map<Integer, List<Seen>> byClass = new TreeMap<>();
            seen.forEach(one -> byClass.computeIfAbsent(one.target(), key -> new ArrayList<>())
                    .add(one));
            groups.add(group("All pictures", seen, examples));
            if (byClass.size() > 1) {
                byClass.entrySet().stream()
                        .sorted(Comparator.comparingInt((Map.Entry<Integer, List<Seen>> entry) ->
                                        -entry.getValue().size())
                                .thenComparing(Map.Entry::getKey))
                        .forEach(entry ->
                                groups.add(group(model.labels().display(entry.getKey()), entry.getValue(), examples)));
            }
            return new WhereReport(model.name(), attribution.id(), groups, missing, facts());
        }

        private WhereReport.Group group(String title, List<Seen> members, int examples) {
            int count = Math.min(members.size(), MOST_CLUSTERED);
            List<Seen> taken = IntStream.range(0, count)
                    .mapToObj(index -> members.get((int) ((long) index * members.size() / count)))
                    .toList();
            OptionalInt wanted = clusters.map(OptionalInt::of).orElse(OptionalInt.empty());
            List<List<Integer>> found = new MapClusters(wanted, 6, hyperparameters.seed())
                    .of(taken.stream().map(Seen::map).toList());
            // A class of a few pictures is told by its mean map alone.
            int drawn = members.size() >= MapClusters.LEAST ? examples : 0;
            List<WhereReport.Cluster> parts = new ArrayList<>();
            for (List<Integer> cluster : found) {
                List<Seen> part = cluster.stream().map(taken::get).toList();
                parts.add(new WhereReport.Cluster(
                        mean(part),
                        inside(part),
                        part.stream().map(one -> pictures.name(one.index())).toList(),
                        part.stream().limit(drawn).map(this::example).toList()));
            }
            return new WhereReport.Group(title, members.size(), mean(members), inside(members), parts);
        }

        private EvidenceMap mean(List<Seen> members) {
            return EvidenceMap.mean(members.stream().map(Seen::map).toList());
        }

        private Optional<EvidenceShare> inside(List<Seen> members) {
            List<EvidenceShare> shares =
                    members.stream().flatMap(one -> one.inside().stream()).toList();
            return shares.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new EvidenceShare(
                            shares.stream()
                                    .mapToDouble(EvidenceShare::evidence)
                                    .average()
                                    .orElseThrow(),
                            shares.stream()
                                    .mapToDouble(EvidenceShare::area)
                                    .average()
                                    .orElseThrow()));
        }

        private WhereReport.Example example(Seen one) {
            Picture view = model.preprocessing().view(pictures.read(one.index()));
            return new WhereReport.Example(pictures.name(one.index()), Images.of(view), one.map(), one.boxes());
        }

        private Map<String, String> facts() {
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put("method", attribution.id());
            facts.putAll(attribution.optionsOn(model));
            facts.put(
                    "class explained",
                    classes.isEmpty()
                            ? "the one that the folder is named after"
                            : classes.get().likeliest() > 0
                                    ? "the likeliest of each picture"
                                    : model.labels()
                                            .display(classes.get().named().get(0)));
            facts.put("pictures", Integer.toString(seen.size()));
            folders.map(found -> found.notes(model))
                    .filter(notes -> !notes.isEmpty())
                    .ifPresent(notes -> facts.put("folders and classes", String.join(" ", notes)));
            facts.put("clusters", "spectral, by mean silhouette; seed " + hyperparameters.seed());
            facts.putAll(ModelFacts.of(model, Map.of()));
            return facts;
        }
    }
}
