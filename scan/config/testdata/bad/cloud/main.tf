resource "alicloud_oss_bucket" "a" {
  acl = "public-read"
}
resource "tencentcloud_cos_bucket" "a" {
  acl = "public-read-write"
}
resource "huaweicloud_obs_bucket" "a" {
  acl = "public-read"
}
resource "alicloud_ecs_disk" "a" {}
resource "tencentcloud_cbs_storage" "a" {}
resource "huaweicloud_evs_volume" "a" {}
resource "alicloud_instance" "a" {
  password = "example"
}
resource "tencentcloud_instance" "a" {
  password = "example"
}
resource "huaweicloud_compute_instance" "a" {
  admin_pass = "example"
}
resource "alicloud_db_instance" "a" {
  security_ips = ["10.0.0.0/8", "0.0.0.0/0"]
}
resource "tencentcloud_mysql_instance" "a" {
  internet_service = 1
}
resource "alicloud_cs_managed_kubernetes" "a" {
  slb_internet_enabled = true
}
resource "tencentcloud_kubernetes_cluster" "a" {
  cluster_internet = true
}
resource "huaweicloud_cce_cluster" "a" {
  eip = "203.0.113.1"
}
resource "alicloud_ram_policy" "a" {
  policy_document = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
resource "tencentcloud_cam_policy" "a" {
  document = jsonencode({ statement = [{ effect = "allow", action = ["*"], resource = ["*"] }] })
}
resource "huaweicloud_identity_role" "a" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["*"], Resource = ["*"] }] })
}
resource "alicloud_security_group_rule" "a" {
  type       = "ingress"
  cidr_ip    = "0.0.0.0/0"
  port_range = "22/22"
}
resource "tencentcloud_security_group_lite_rule" "a" {
  ingress = ["ACCEPT#0.0.0.0/0#ALL#ALL"]
}
resource "huaweicloud_networking_secgroup_rule" "a" {
  direction        = "ingress"
  remote_ip_prefix = "0.0.0.0/0"
  port_range_min   = 3300
  port_range_max   = 3310
}
