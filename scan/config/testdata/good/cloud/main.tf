variable "password" {
  type = string
}
resource "alicloud_oss_bucket" "a" {
  acl = "private"
  logging {
    target_bucket = "logs"
  }
  server_side_encryption_rule {
    sse_algorithm = "AES256"
  }
}
resource "tencentcloud_cos_bucket" "a" {
  acl                  = "private"
  encryption_algorithm = "AES256"
}
resource "huaweicloud_obs_bucket" "a" {
  encryption = true
}
resource "alicloud_ecs_disk" "a" {
  encrypted = true
}
resource "tencentcloud_cbs_storage" "a" {
  encrypt = true
}
resource "huaweicloud_evs_volume" "a" {
  kms_id = "1"
}
resource "alicloud_instance" "a" {
  password = var.password
}
resource "alicloud_db_instance" "a" {
  security_ips = ["10.0.0.0/8"]
}
resource "alicloud_cs_managed_kubernetes" "a" {}
resource "alicloud_ram_policy" "a" {
  policy_document = jsonencode({ Statement = [{ Effect = "Allow", Action = "oss:GetObject", Resource = "*" }] })
}
resource "alicloud_security_group_rule" "a" {
  type       = "ingress"
  cidr_ip    = "0.0.0.0/0"
  port_range = "443/443"
}
resource "tencentcloud_security_group_lite_rule" "a" {
  ingress = ["ACCEPT#0.0.0.0/0#443#TCP", "DROP#0.0.0.0/0#ALL#ALL"]
}
resource "huaweicloud_networking_secgroup_rule" "a" {
  direction        = "ingress"
  remote_ip_prefix = "0.0.0.0/0"
  ports            = "80,443"
}
