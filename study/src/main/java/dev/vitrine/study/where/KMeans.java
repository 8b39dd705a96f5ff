package dev.vitrine.study.where;

import java.util.List;
import java.util.stream.IntStream;
import org.hipparchus.clustering.CentroidCluster;
import org.hipparchus.clustering.Clusterable;
import org.hipparchus.clustering.KMeansPlusPlusClusterer;
import org.hipparchus.clustering.distance.EuclideanDistance;
import org.hipparchus.random.Well19937c;

/** min Σ ‖x − c(x)‖² over k centers, by Lloyd's algorithm from several k-means++ starts. Arthur, Vassilvitskii 2007. */
record KMeans(int clusters, long seed) {
    private static final int STARTS = 10;
    private static final int ROUNDS = 100;
    private static final EuclideanDistance DISTANCE = new EuclideanDistance();

    private record Point(int number, double[] coordinates) implements Clusterable {
        @Override
        public double[] getPoint() {
            return coordinates;
        }
    }

    /** Cluster index of each point, from 0. */
    int[] assign(double[][] coordinates) {
        List<Point> points = IntStream.range(0, coordinates.length)
                .mapToObj(number -> new Point(number, coordinates[number]))
                .toList();
        KMeansPlusPlusClusterer<Point> clusterer = new KMeansPlusPlusClusterer<>(
                Math.min(clusters, points.size()), ROUNDS, DISTANCE, new Well19937c(seed));
        int[] best = new int[points.size()];
        double least = Double.POSITIVE_INFINITY;
        for (int start = 0; start < STARTS; start++) {
            List<CentroidCluster<Point>> found = clusterer.cluster(points);
            double cost = found.stream().mapToDouble(KMeans::cost).sum();
            if (cost < least) {
                least = cost;
                best = numbers(found, points.size());
            }
        }
        return best;
    }

    private static int[] numbers(List<CentroidCluster<Point>> clusters, int points) {
        int[] numbers = new int[points];
        for (int cluster = 0; cluster < clusters.size(); cluster++) {
            for (Point point : clusters.get(cluster).getPoints()) {
                numbers[point.number()] = cluster;
            }
        }
        return numbers;
    }

    private static double cost(CentroidCluster<Point> cluster) {
        double[] center = cluster.getCenter().getPoint();
        return cluster.getPoints().stream()
                .mapToDouble(point -> Math.pow(DISTANCE.compute(point.coordinates(), center), 2))
                .sum();
    }
}
