package dev.vitrine.study.where;

import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Spectral clusters of evidence maps: different strategies for the same prediction. SpRAy, Lapuschkin et al. 2019,
 * doi:10.1038/s41467-019-08987-4, on Hellinger distances; their number maximizes the mean silhouette, Rousseeuw
 * 1987, doi:10.1016/0377-0427(87)90125-7, subject to distinct mean maps; one cluster if there is no such partition.
 *
 * @param most default maximum number of clusters
 */
public record MapClusters(
        @Setting(
                name = "clusters",
                meaning = "number of clusters per class",
                least = 1,
                otherwise = "chosen by the mean silhouette")
        OptionalInt wanted,

        int most,
        long seed) {
    /** Smaller groups are not clustered. */
    public static final int LEAST = 8;

    /** Mean silhouette required to accept clusters; a single uniform cloud split in two has about a third. */
    private static final double CLEAR = 0.4;

    /** Hellinger distance from which two mean maps count as distinct; below it they show one shifted location. */
    private static final double APART = 0.5;

    public MapClusters {
        Settings.require(MapClusters.class, wanted, most, seed);
    }

    /** Number of clusters chosen from the maps, up to six. */
    public MapClusters(long seed) {
        this(OptionalInt.empty(), 6, seed);
    }

    public MapClusters withSeed(long newSeed) {
        return new MapClusters(wanted, most, newSeed);
    }

    /** List indices of each cluster's members, largest cluster and most typical members first. */
    public List<List<Integer>> of(List<EvidenceMap> maps) {
        int count = maps.size();
        if (count < LEAST) {
            return List.of(typicalFirst(IntStream.range(0, count).boxed().toList(), maps));
        }
        double[][] distances = new double[count][count];
        IntStream.range(0, count).parallel().forEach(one -> {
            for (int other = 0; other < count; other++) {
                distances[one][other] = maps.get(one).distance(maps.get(other));
            }
        });
        int dimensions = Math.min(count, wanted.orElse(most));
        SpectralEmbedding embedding = SpectralEmbedding.of(distances, dimensions, seed);
        int[] assigned = new int[count];
        if (wanted.isPresent()) {
            assigned = assign(embedding, dimensions);
        } else {
            double clearest = CLEAR;
            for (int clusters = 2; clusters <= dimensions; clusters++) {
                int[] candidate = assign(embedding, clusters);
                double silhouette = silhouette(candidate, clusters, distances);
                if (silhouette > clearest + 1e-9 && areApart(groups(candidate, clusters, maps), maps)) {
                    clearest = silhouette;
                    assigned = candidate;
                }
            }
        }
        return groups(assigned, dimensions, maps);
    }

    private int[] assign(SpectralEmbedding embedding, int clusters) {
        double[][] points = new double[embedding.vectors().length][clusters];
        for (int point = 0; point < points.length; point++) {
            double length = 0;
            for (int axis = 0; axis < clusters; axis++) {
                points[point][axis] = embedding.vectors()[point][axis];
                length += points[point][axis] * points[point][axis];
            }
            for (int axis = 0; axis < clusters; axis++) {
                points[point][axis] /= Math.max(1e-12, Math.sqrt(length));
            }
        }
        return new KMeans(clusters, seed).assign(points);
    }

    private static boolean areApart(List<List<Integer>> groups, List<EvidenceMap> maps) {
        List<EvidenceMap> means = groups.stream()
                .map(group -> EvidenceMap.mean(group.stream().map(maps::get).toList()))
                .toList();
        for (int one = 0; one < means.size(); one++) {
            for (int other = 0; other < one; other++) {
                if (means.get(one).distance(means.get(other)) < APART) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Mean of (b − a) / max(a, b): a the mean distance within a cluster, b to the nearest other; 0 for a singleton. */
    private static double silhouette(int[] assigned, int clusters, double[][] distances) {
        double total = 0;
        for (int point = 0; point < assigned.length; point++) {
            double[] sums = new double[clusters];
            int[] counts = new int[clusters];
            for (int other = 0; other < assigned.length; other++) {
                if (other != point) {
                    sums[assigned[other]] += distances[point][other];
                    counts[assigned[other]]++;
                }
            }
            double own = counts[assigned[point]] == 0 ? -1 : sums[assigned[point]] / counts[assigned[point]];
            double nearest = Double.POSITIVE_INFINITY;
            for (int cluster = 0; cluster < clusters; cluster++) {
                if (cluster != assigned[point] && counts[cluster] > 0) {
                    nearest = Math.min(nearest, sums[cluster] / counts[cluster]);
                }
            }
            if (own >= 0 && nearest < Double.POSITIVE_INFINITY) {
                total += (nearest - own) / Math.max(1e-12, Math.max(own, nearest));
            }
        }
        return total / assigned.length;
    }

    private static List<List<Integer>> groups(int[] assigned, int clusters, List<EvidenceMap> maps) {
        List<List<Integer>> groups = new ArrayList<>();
        for (int cluster = 0; cluster < clusters; cluster++) {
            int wantedCluster = cluster;
            List<Integer> members = IntStream.range(0, assigned.length)
                    .filter(point -> assigned[point] == wantedCluster)
                    .boxed()
                    .toList();
            if (!members.isEmpty()) {
                groups.add(typicalFirst(members, maps));
            }
        }
        groups.sort(Comparator.comparingInt((List<Integer> group) -> -group.size())
                .thenComparing(group -> group.stream().min(Integer::compare).orElseThrow()));
        return List.copyOf(groups);
    }

    private static List<Integer> typicalFirst(List<Integer> members, List<EvidenceMap> maps) {
        EvidenceMap mean = EvidenceMap.mean(members.stream().map(maps::get).toList());
        return members.stream()
                .sorted(Comparator.comparingDouble(
                                (Integer member) -> maps.get(member).distance(mean))
                        .thenComparing(member -> member))
                .toList();
    }
}
