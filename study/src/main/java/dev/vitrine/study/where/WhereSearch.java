package dev.vitrine.study.where;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.metric.EvidenceShare;
import dev.vitrine.lens.metric.PixelHeat;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Survey;
import dev.vitrine.study.picture.ClassFolders;
import dev.vitrine.study.picture.FolderPictures;
import dev.vitrine.study.where.WhereReport.Cluster;
import dev.vitrine.study.where.WhereReport.Example;
import dev.vitrine.study.where.WhereReport.Group;
import dev.vitrine.study.where.WhereSearch.Evidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Where a network looks over many pictures: the evidence maps of a method, their means by class, and their clusters.
 *
 * @param classes the class to explain for each picture
 * @param boxes of each picture, in its pixels; empty if there are no annotations
 */
public record WhereSearch(
        Model model,
        PictureList pictures,
        Attribution method,
        Classes classes,
        List<List<Box>> boxes,
        MapClusters clusters)
        implements Survey<Evidence, Looks> {
    private static final int FORMAT = 1;
    private static final int EXAMPLES = 6;

    /** Larger groups are clustered on an evenly spaced sample of this size. */
    private static final int MOST_CLUSTERED = 1500;

    public WhereSearch {
        boxes = List.copyOf(boxes);
    }

    /** The class to explain for each picture. */
    public sealed interface Classes {
        String words(Model model);

        /**
         * @param targets one class: the most likely one, or the same for all pictures
         */
        record Same(Targets targets) implements Classes {
            @Override
            public String words(Model model) {
                return targets.likeliest() > 0
                        ? "the most likely one of each picture"
                        : model.labels().display(targets.named().get(0));
            }
        }

        /** The class that the picture's folder is named after. */
        record OfFolder(ClassFolders folders) implements Classes {
            @Override
            public String words(Model model) {
                return "the one named by the folder";
            }
        }
    }

    /** Evidence of some pictures, in order. */
    public record Evidence(List<Explained> pictures) {}

    /**
     * A picture with its evidence.
     *
     * @param shares of an {@link EvidenceMap}, {@code f32[side,side]}
     * @param boxes in pixels of the view
     */
    public record Explained(int index, int target, Tensor shares, List<Box> boxes, Optional<EvidenceShare> inside) {
        EvidenceMap map() {
            return new EvidenceMap(EvidenceMap.SIDE, shares.toFloats());
        }
    }

    @Override
    public String id() {
        return "where";
    }

    @Override
    public Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with(pictures)
                .with("method", method)
                .with("classes", classes)
                .with("boxes", Digest.of(boxes.toString()));
    }

    @Override
    public Class<Evidence> part() {
        return Evidence.class;
    }

    /** Methods differ in their batch sizes; each picture is explained alone. */
    @Override
    public int batch(ModelSession session) {
        return 1;
    }

    @Override
    public Batch.Need need() {
        return boxes.isEmpty() ? Batch.Need.INPUT : Batch.Need.PICTURE;
    }

    @Override
    public Look<Evidence> open(ModelSession session, int batch) {
        if (!boxes.isEmpty() && boxes.stream().allMatch(List::isEmpty)) {
            throw noBoxes(pictures.size());
        }
        Explainer explainer = session.explainer(method, ClassScore.of(ClassScore.Scale.LOGIT));
        return seen -> new Evidence(seen.items().stream()
                .map(item -> at(item, seen, session, explainer))
                .toList());
    }

    private Explained at(Batch.Item item, Batch batch, ModelSession session, Explainer explainer) {
        Tensor input = batch.images().rows(item.row(), item.row() + 1);
        int target = target(item.index(), input, session);
        Tensor map = explainer
                .explain(input, ModelSession.targets(target), Progress.NONE)
                .attribution();
        Tensor heat = PixelHeat.of(method, map, model);
        List<Box> inView = boxes.isEmpty()
                ? List.of()
                : boxes.get(item.index()).stream()
                        .flatMap(box ->
                                model.preprocessing().view(box, item.picture().orElseThrow()).stream())
                        .toList();
        return new Explained(
                item.index(),
                target,
                EvidenceMap.of(heat).heat(),
                inView,
                inView.isEmpty() ? Optional.empty() : Optional.of(EvidenceShare.of(heat, inView)));
    }

    private int target(int index, Tensor input, ModelSession session) {
        if (classes instanceof Classes.OfFolder named) {
            return new FolderPictures(pictures, named.folders()).target(index);
        }
        Targets targets = ((Classes.Same) classes).targets();
        return targets.likeliest() == 0
                ? targets.named().get(0)
                : targets.of(session.logits(input), model).get(0);
    }

    @Override
    public Evidence merge(Evidence left, Evidence right) {
        List<Explained> both = new ArrayList<>(left.pictures());
        both.addAll(right.pictures());
        return new Evidence(both);
    }

    @Override
    public Looks finish(Evidence all, Seen seen) {
        boolean whole = seen.pictures() + seen.unreadable() == seen.all();
        if (whole
                && !boxes.isEmpty()
                && all.pictures().stream().allMatch(one -> one.boxes().isEmpty())) {
            throw noBoxes(seen.pictures());
        }
        Map<Integer, List<Explained>> byClass = new TreeMap<>();
        all.pictures()
                .forEach(one -> byClass.computeIfAbsent(one.target(), key -> new ArrayList<>())
                        .add(one));
        List<Group> groups = new ArrayList<>();
        groups.add(group("All pictures", all.pictures()));
        if (byClass.size() > 1) {
            byClass.entrySet().stream()
                    .sorted(Comparator.comparingInt((Map.Entry<Integer, List<Explained>> entry) ->
                                    -entry.getValue().size())
                            .thenComparing(Map.Entry::getKey))
                    .forEach(entry -> groups.add(group(model.labels().display(entry.getKey()), entry.getValue())));
        }
        return new Looks(seen.pictures(), groups);
    }

    private VitrineException noBoxes(int count) {
        return VitrineException.usage("Boxes: none of the " + count
                + " pictures has a box within the network's input; expected names such as '" + pictures.name(0)
                + "'.");
    }

    private Group group(String title, List<Explained> members) {
        int count = Math.min(members.size(), MOST_CLUSTERED);
        List<Explained> taken = IntStream.range(0, count)
                .mapToObj(index -> members.get((int) ((long) index * members.size() / count)))
                .toList();
        List<List<Integer>> found =
                clusters.of(taken.stream().map(Explained::map).toList());
        // With few pictures, only the class's mean map is shown.
        int drawn = members.size() >= MapClusters.LEAST ? EXAMPLES : 0;
        List<Cluster> parts = found.stream()
                .map(places -> places.stream().map(taken::get).toList())
                .map(part -> new Cluster(
                        mean(part),
                        inside(part),
                        part.stream().map(one -> pictures.name(one.index())).toList(),
                        part.stream().limit(drawn).map(this::example).toList()))
                .toList();
        return new Group(title, members.size(), mean(members), inside(members), parts);
    }

    private static EvidenceMap mean(List<Explained> members) {
        return EvidenceMap.mean(members.stream().map(Explained::map).toList());
    }

    private static Optional<EvidenceShare> inside(List<Explained> members) {
        List<EvidenceShare> shares =
                members.stream().flatMap(one -> one.inside().stream()).toList();
        return shares.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new EvidenceShare(mean(shares, EvidenceShare::evidence), mean(shares, EvidenceShare::area)));
    }

    private static double mean(List<EvidenceShare> shares, ToDoubleFunction<EvidenceShare> part) {
        return shares.stream().mapToDouble(part).average().orElseThrow();
    }

    private Example example(Explained one) {
        return new Example(one.index(), pictures.name(one.index()), one.map(), one.boxes());
    }
}
